import fc from "fast-check";
import { expect, test } from "vitest";
import { bounds, magnitudeBounds } from "../src/decode/bins";
import { Rebinning } from "../src/decode/rebin";
import { binsOf, keyOf } from "./encode";

const finite = fc.float({ noNaN: true, noDefaultInfinity: true });

test("every number lies in its bin, which is at most 1/32 of it wide", () => {
  fc.assert(
    fc.property(finite, (value) => {
      const [lower, upper] = bounds(keyOf(value));
      expect(lower).toBeLessThanOrEqual(value);
      expect(upper).toBeGreaterThanOrEqual(value);
      if (Math.abs(value) >= 2 ** -126) {
        expect(upper - lower).toBeLessThanOrEqual(Math.abs(value) / 32 + Number.MIN_VALUE);
      }
    }),
  );
});

const weights = fc.array(fc.float({ min: -4, max: 4, noNaN: true }), {
  minLength: 1,
  maxLength: 200,
});

const linear = (x: number) => x;

function rebin(
  values: readonly number[],
  domain: readonly [number, number],
  count: number,
  transform = linear,
): number[] {
  return [...new Rebinning({ domain, count, transform, bounds }).count(binsOf(values))];
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0);
}

test("counting again keeps the total, whatever the axis", () => {
  const transforms = [linear, (x: number) => Math.sign(x) * Math.log1p(Math.abs(x) * 1e3)];
  fc.assert(
    fc.property(weights, fc.integer({ min: 1, max: 300 }), fc.nat(1), (values, count, which) => {
      const counted = rebin(values, [-5, 5], count, transforms[which]);
      expect(sum(counted)).toBeCloseTo(values.length, 6);
    }),
  );
});

test("on an axis from the smallest to the largest number none is lost", () => {
  fc.assert(
    fc.property(weights, fc.integer({ min: 1, max: 300 }), (values, count) => {
      const domain = [Math.min(...values), Math.max(...values)] as const;
      fc.pre(domain[1] - domain[0] > 1e-6);
      expect(sum(rebin(values, domain, count))).toBeCloseTo(values.length, 6);
    }),
  );
  expect(rebin([0, 1, 1], [0, 1], 2)).toEqual([1, 2]);
});

test("numbers come to lie where they are", () => {
  const counted = rebin([-0.9, 0.5, 0.51, 0.9], [-1, 1], 4);
  expect(counted.map((one) => Math.round(one * 100) / 100)).toEqual([1, 0, 0, 3]);
  expect(rebin([0, 0], [-1, 1], 5)).toEqual([0, 0, 2, 0, 0]);
  expect(rebin([7, -7], [-1, 1], 2)).toEqual([0, 0]);
});

test("an axis counts one histogram after another by itself", () => {
  const rebinning = new Rebinning({ domain: [-1, 1], count: 2, transform: linear, bounds });
  expect([...rebinning.count(binsOf([-0.5, -0.5]))]).toEqual([2, 0]);
  expect([...rebinning.count(binsOf([-0.5, 0.5, 0.25]))]).toEqual([1, 2]);
});

test("on the axis of magnitudes both signs are counted together, and zeros are left out", () => {
  const rebinning = new Rebinning({
    domain: [0.1, 10],
    count: 2,
    transform: Math.log10,
    bounds: magnitudeBounds,
  });
  expect([...rebinning.count(binsOf([-2, 2, 2, 0, -0, 0.5]))]).toEqual([1, 3]);
});
