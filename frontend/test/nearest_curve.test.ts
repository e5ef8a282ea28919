import { expect, test } from "vitest";
import { nearestCurve } from "../src/views/parts/nearest_curve";

const curves = [{ values: [1, 10] }, { values: [1, 20] }, { values: [0, Number.NaN] }];
const y = (value: number) => value * 2;

test("the curve is the one that is nearest where the pointer is", () => {
  expect(nearestCurve(curves, 1, 37, y, 24)).toBe(curves[1]);
  expect(nearestCurve(curves, 1, 23, y, 24)).toBe(curves[0]);
});

test("of curves that lie on each other it is the first", () => {
  expect(nearestCurve(curves, 0, 2, y, 24)).toBe(curves[0]);
});

test("the first wins where another one is nearer by less than a pointer can tell", () => {
  const close = [{ values: [10] }, { values: [10.2] }];
  expect(nearestCurve(close, 0, 20.4, y, 24)).toBe(close[0]);
  expect(nearestCurve(close, 0, 21, y, 24)).toBe(close[0]);
  expect(nearestCurve([{ values: [10] }, { values: [10.5] }], 0, 21, y, 24)?.values).toEqual([
    10.5,
  ]);
});

test("a curve that has fallen to nothing can be pointed at", () => {
  expect(nearestCurve(curves.slice(2), 0, 4, y, 24)).toBe(curves[2]);
});

test("far from all, past their ends, or where there is no number, it is none", () => {
  expect(nearestCurve(curves, 1, 90, y, 24)).toBeNull();
  expect(nearestCurve(curves, 5, 2, y, 24)).toBeNull();
  expect(nearestCurve(curves.slice(2), 1, 0, y, 24)).toBeNull();
});
