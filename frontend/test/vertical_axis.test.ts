import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decadesOf,
  linearAxis,
  logAxis,
  MOST_DECADES,
  needLog,
  verticalAxis,
} from "../src/views/parts/vertical_axis";

test("decades begin and end with what they hold", () => {
  expect(decadesOf([0.02, 3, 0, Number.NaN])).toEqual([-2, 1]);
  expect(decadesOf([10])).toEqual([0, 1]);
  expect(decadesOf([0, Number.NaN, -1])).toBeNull();
});

test("all positive numbers lie in their decades, unless they are too small to matter", () => {
  const values = fc.array(fc.double({ min: 1e-30, max: 1e30, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(values, (all) => {
      const [first, last] = decadesOf(all) ?? [0, 0];
      expect(Number.isInteger(first) && Number.isInteger(last)).toBe(true);
      expect(last - first).toBeGreaterThan(0);
      expect(last - first).toBeLessThanOrEqual(MOST_DECADES);
      expect(Math.max(...all)).toBeLessThanOrEqual(10 ** last * (1 + 1e-8));
    }),
  );
});

test("an axis is logarithmic where numbers are more than two decades apart", () => {
  expect(needLog([1, 101])).toBe(true);
  expect(needLog([1, 99])).toBe(false);
  expect(needLog([])).toBe(false);
  expect(needLog([0, 0])).toBe(false);
});

test("numbers that cross zero count as far apart only where many are small", () => {
  const wandering = Array.from({ length: 50 }, (_, step) => Math.sin(step));
  expect(needLog(wandering)).toBe(false);
  expect(needLog([...wandering, 0, 1e-9])).toBe(false);
  const exploding = wandering.map((value, step) => value * 10 ** (step / 10));
  expect(needLog(exploding)).toBe(true);
  expect(needLog(exploding.map(Math.abs).concat(0))).toBe(true);
});

test("a logarithmic axis has room for both signs and zero, where there are any", () => {
  const { scale, ticks } = verticalAxis([-1000, -0.01, 0, 0.1, 10], true, 6);
  expect(scale.domain()).toEqual([-1000, 10]);
  expect(ticks.map(({ value }) => value)).toContain(0);
  expect(ticks.length).toBeGreaterThan(3);
  expect(verticalAxis([0, 1e-6, 1], true, 4).scale.domain()).toEqual([0, 1]);
  expect(verticalAxis([1e-6, 1], true, 4).scale.domain()).toEqual([1e-6, 1]);
});

test("a logarithmic axis grows, and its numbers stand apart", () => {
  const values = fc.array(fc.double({ min: -1e20, max: 1e20, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(values, (all) => {
      const { scale, ticks } = verticalAxis(all, true, 4);
      const [low, high] = scale.domain() as [number, number];
      const slack = 1e-8 * Math.max(1, ...all.map(Math.abs));
      expect(low).toBeLessThan(high);
      expect(low).toBeLessThanOrEqual(Math.min(...all) + slack);
      expect(high).toBeGreaterThanOrEqual(Math.max(...all) - slack);
      expect(ticks.length).toBeLessThanOrEqual(8);
    }),
  );
});

test("a logarithmic axis has a line a decade, or every so manieth, from its end", () => {
  expect(logAxis([-2, 1], 5).ticks.map(({ text }) => text)).toEqual(["10", "1", "10⁻¹", "10⁻²"]);
  expect(logAxis([-8, 0], 4).ticks.map(({ value }) => Math.log10(value))).toEqual([
    0, -2, -4, -6, -8,
  ]);
});

test("an axis has ends even where nothing is finite", () => {
  const [low, high] = linearAxis([Number.NaN], 4).scale.domain();
  expect(low).toBeLessThan(high as number);
});

test.each([true, false])(
  "the smallest numbers there are have an axis, logarithmic: %s",
  (isLog) => {
    const [low, high] = verticalAxis([-5e-324, 5e-324], isLog, 4).scale.domain();
    expect(low).toBeLessThan(high as number);
  },
);

test("numbers that hardly differ don't read the same", () => {
  const texts = linearAxis([2.0001, 2.0007], 4).ticks.map(({ text }) => text);
  expect(new Set(texts).size).toBe(texts.length);
});
