import fc from "fast-check";
import { expect, test } from "vitest";
import {
  baseline,
  indexAt,
  MOST_RIDGES,
  RIDGES,
  ridgeIndexes,
  ridgeScale,
} from "../src/views/histograms/ridge_layout";

test("there are at most so many ridges, the first and the last step's among them, all different", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), (count) => {
      const found = ridgeIndexes(count);
      expect(found.length).toBe(Math.min(count, MOST_RIDGES));
      expect([found[0], found.at(-1)]).toEqual([0, count - 1]);
      expect(new Set(found).size).toBe(found.length);
    }),
  );
});

test("the newest ridge is the lowest, and a click finds each by its baseline", () => {
  const indexes = ridgeIndexes(100);
  expect(baseline(0, 100)).toBe(RIDGES.first);
  expect(baseline(99, 100)).toBe(RIDGES.last);
  for (const index of indexes) {
    expect(indexAt(baseline(index, 100) + 1, indexes, 100)).toBe(index);
  }
});

test("one ridge that is far higher than all others leaves them as high as they were", () => {
  const usual = Array.from({ length: 20 }, () => 0.1);
  expect(ridgeScale([1, ...usual]).scale).toBeCloseTo(ridgeScale(usual).scale, 12);
  expect(ridgeScale([0, 0]).scale).toBe(RIDGES.height);
  expect(RIDGES.first).toBeGreaterThanOrEqual(ridgeScale([1]).most);
});
