import { expect, test } from "vitest";
import { quantilesByStep } from "../src/decode/quantile_steps";
import { histogramsOf } from "./histograms_of";

test("the ends are the exact ones, and nothing lies past them", () => {
  const histograms = histogramsOf([[[1, 1, 1, 1]], [[-3, -1, 0, 1, 7.77]]]);
  const [constant, spread] = quantilesByStep(histograms, 0, "values");
  expect(constant).toEqual([1, 1, 1, 1, 1, 1, 1]);
  expect([spread?.[0], spread?.[3], spread?.[6]]).toEqual([-3, 0, Math.fround(7.77)]);
});

test("magnitudes end with the largest one, of whatever sign", () => {
  const [found] = quantilesByStep(histogramsOf([[[-9.9, 0, 0.5, 2]]]), 0, "magnitudes");
  expect(found?.[6]).toBe(-Math.fround(-9.9));
  expect(found?.[0]).toBeCloseTo(0.5, 1);
});

test("where nothing is finite there are none", () => {
  const [found] = quantilesByStep(histogramsOf([[[]]]), 0, "values");
  expect(found?.every(Number.isNaN)).toBe(true);
});
