import fc from "fast-check";
import { expect, test } from "vitest";
import { quantiles } from "../src/decode/quantiles";
import { binsOf, keyOf } from "./encode";

const numbers = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
  minLength: 1,
  maxLength: 300,
});
const shares = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 })
  .map((all) => all.sort((a, b) => a - b));

/** What the quantile of a share is of numbers that are known one by one. */
function exact(sorted: readonly number[], share: number): number {
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] as number;
}

/** What holds zero and what is next to nothing has two keys, one a sign. */
function binOf(value: number): number {
  const key = keyOf(value);
  return key === 0x2000 ? 0 : key;
}

test("a quantile is in the bin of the sorted numbers' own", () => {
  fc.assert(
    fc.property(numbers, shares, (values, wanted) => {
      const sorted = [...values].sort((a, b) => a - b);
      const found = quantiles(binsOf(values), wanted, "values");
      expect(found.map(binOf)).toEqual(wanted.map((share) => binOf(exact(sorted, share))));
    }),
  );
});

test("a quantile of magnitudes is in the bin of the sorted magnitudes' own, zeros left out", () => {
  fc.assert(
    fc.property(numbers, shares, (values, wanted) => {
      const sorted = values.map(Math.abs).filter((value) => keyOf(value) > 0);
      fc.pre(sorted.length > 0);
      sorted.sort((a, b) => a - b);
      const found = quantiles(binsOf([...values, 0, -0]), wanted, "magnitudes");
      expect(found.map(keyOf)).toEqual(wanted.map((share) => keyOf(exact(sorted, share))));
    }),
  );
});

test("there is no quantile of nothing", () => {
  expect(quantiles(binsOf([]), [0, 0.5, 1], "values")).toEqual([
    Number.NaN,
    Number.NaN,
    Number.NaN,
  ]);
  expect(quantiles(binsOf([0, -0]), [0.5], "magnitudes")).toEqual([Number.NaN]);
});

test("zeros are zero", () => {
  expect(quantiles(binsOf([-1, 0, 0, 0, 1]), [0.5], "values")).toEqual([0]);
});
