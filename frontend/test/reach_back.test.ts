import fc from "fast-check";
import { expect, test } from "vitest";
import { reachBack } from "../src/views/flow/reach_back";

test("a gradient reaches back to the farthest time that keeps a share of its peak", () => {
  expect(reachBack([1e-5, 1e-3, 0.5, 1, 2, 0.1], false, 0.01)).toEqual({
    peak: 4,
    farthest: 2,
    steps: 2,
    isAll: false,
  });
});

test("a dip on the way back does not end it", () => {
  expect(reachBack([0.001, 0.5, 1e-9, 1], false, 0.01)?.farthest).toBe(1);
});

test("the past of a cell that reads from the end is on the right", () => {
  const found = reachBack([0.1, 1, 0.5, 1e-6, 1e-9], true, 0.01);
  expect(found).toEqual({ peak: 1, farthest: 2, steps: 1, isAll: false });
});

test("masked time steps are no past that could be reached", () => {
  expect(reachBack([Number.NaN, 0.5, 1], false, 0.01)).toMatchObject({ steps: 1, isAll: true });
  expect(reachBack([1, 0.5, Number.NaN], true, 0.01)).toMatchObject({ steps: 1, isAll: true });
});

test("where there is no gradient, nothing is reached", () => {
  expect(reachBack([0, 0, Number.NaN], false, 0.01)).toBeNull();
  expect(reachBack([], false, 0.01)).toBeNull();
});

test("turning time around changes nothing but the direction", () => {
  const norms = fc.uniqueArray(fc.double({ min: 1e-9, max: 1, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(norms, (all) => {
      const forward = reachBack(all, false, 0.01);
      const backward = reachBack([...all].reverse(), true, 0.01);
      expect(backward?.steps).toBe(forward?.steps);
      expect(backward?.isAll).toBe(forward?.isAll);
      expect(backward?.peak).toBe(all.length - 1 - (forward?.peak ?? Number.NaN));
    }),
  );
});
