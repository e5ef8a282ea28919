import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decadesOf,
  linearAxis,
  logAxis,
  MOST_DECADES,
  needLog,
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

test("an axis is logarithmic where numbers are positive and more than two decades apart", () => {
  expect(needLog([1, 101])).toBe(true);
  expect(needLog([1, 99])).toBe(false);
  expect(needLog([0, 1, 1000])).toBe(false);
  expect(needLog([-1, 1, 1000])).toBe(false);
  expect(needLog([])).toBe(false);
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
