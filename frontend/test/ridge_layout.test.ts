import { expect, test } from "vitest";
import { baseline, RIDGES, ridgeAt, ridgeScale } from "../src/views/histograms/ridge_layout";

test("the newest ridge is the lowest, and a click finds each by its baseline", () => {
  const baselines = Array.from({ length: 30 }, (_, place) => baseline(3 * place, 88));
  expect(baselines[0]).toBe(RIDGES.first);
  expect(baselines.at(-1)).toBe(RIDGES.last);
  for (const [place, own] of baselines.entries()) {
    expect(ridgeAt(own + 1, baselines)).toBe(place);
  }
  expect(ridgeAt(50, [])).toBe(null);
});

test("one ridge that is far higher than all others leaves them as high as they were", () => {
  const usual = Array.from({ length: 20 }, () => 0.1);
  expect(ridgeScale([1, ...usual]).scale).toBeCloseTo(ridgeScale(usual).scale, 12);
  expect(ridgeScale([0, 0]).scale).toBe(RIDGES.height);
  expect(RIDGES.first).toBeGreaterThanOrEqual(ridgeScale([1]).most);
});
