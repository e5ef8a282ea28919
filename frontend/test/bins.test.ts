import fc from "fast-check";
import { expect, test } from "vitest";
import { bounds } from "../src/decode/bins";
import { rebin } from "../src/decode/rebin";
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

test("counting again keeps the total, whatever the axis", () => {
  const transforms = [
    (x: number) => x,
    (x: number) => Math.sign(x) * Math.log1p(Math.abs(x) * 1e3),
  ];
  fc.assert(
    fc.property(weights, fc.integer({ min: 1, max: 300 }), fc.nat(1), (values, count, which) => {
      const transform = transforms[which] as (x: number) => number;
      const counted = rebin(binsOf(values), [-5, 5], count, transform);
      expect(counted.reduce((sum, one) => sum + one, 0)).toBeCloseTo(values.length, 6);
    }),
  );
});

test("on an axis from the smallest to the largest number none is lost", () => {
  fc.assert(
    fc.property(weights, fc.integer({ min: 1, max: 300 }), (values, count) => {
      const domain = [Math.min(...values), Math.max(...values)] as const;
      fc.pre(domain[1] - domain[0] > 1e-6);
      const counted = rebin(binsOf(values), domain, count, (x) => x);
      expect(counted.reduce((sum, one) => sum + one, 0)).toBeCloseTo(values.length, 6);
    }),
  );
  expect([...rebin(binsOf([0, 1, 1]), [0, 1], 2, (x) => x)]).toEqual([1, 2]);
});

test("numbers come to lie where they are", () => {
  const counted = rebin(binsOf([-0.9, 0.5, 0.51, 0.9]), [-1, 1], 4, (x) => x);
  expect([...counted].map((one) => Math.round(one * 100) / 100)).toEqual([1, 0, 0, 3]);
  expect([...rebin(binsOf([0, 0]), [-1, 1], 5, (x) => x)]).toEqual([0, 0, 2, 0, 0]);
  expect([...rebin(binsOf([7, -7]), [-1, 1], 2, (x) => x)]).toEqual([0, 0]);
});
