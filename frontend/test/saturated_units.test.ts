import { expect, test } from "vitest";
import { nearestUnit, saturatedUnits, unitsText } from "../src/views/saturation/saturated_units";

test("a unit is a point where both of its shares are known", () => {
  expect(saturatedUnits([0.5, Number.NaN, 0], [0.25, 0.5, 1])).toEqual([
    { unit: 0, low: 0.5, high: 0.25 },
    { unit: 2, low: 0, high: 1 },
  ]);
});

test("a gate of another range has no points", () => {
  expect(saturatedUnits([Number.NaN], [Number.NaN])).toEqual([]);
});

test("the unit under the pointer is the nearest one, if it is near", () => {
  const units = saturatedUnits([0, 0.5, 1], [1, 0.5, 0]);
  expect(nearestUnit(units, 0.52, 0.5, 0.06)?.unit).toBe(1);
  expect(nearestUnit(units, 0.25, 0.75, 0.06)).toBeNull();
});

test("units that lie on each other are counted", () => {
  expect(unitsText([4])).toBe("unit 4");
  expect(unitsText([0, 1])).toBe("units 0, 1");
  expect(unitsText([0, 1, 2, 3, 4])).toBe("units 0, 1, 2 and 2 more");
});
