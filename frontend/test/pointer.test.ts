import { expect, test } from "vitest";
import { hasUnit } from "../src/state/pointer";
import { seriesOf } from "./series";

const kernel = seriesOf();
const peephole = seriesOf({ matrix: "peephole", gates: ["input", "forget", "output"] });
const projection = seriesOf({ matrix: "projection", gates: ["whole"], units: 3 });
const inKernel = { matrix: "kernel", gate: "forget", unit: 1, units: 7 };
const inProjection = { matrix: "projection", gate: "whole", unit: 1, units: 3 };

test("a unit of the cell is marked in all matrices that have gates", () => {
  expect([kernel, peephole].map((series) => hasUnit(series, inKernel))).toEqual([true, true]);
});

test("a projected unit is none of the cell's", () => {
  expect(hasUnit(projection, inKernel)).toBe(false);
  expect(hasUnit(kernel, inProjection)).toBe(false);
  expect(hasUnit(projection, inProjection)).toBe(true);
});

test("of a cell whose gates are not known, columns are marked in matrices with as many", () => {
  const pointed = { matrix: "w", gate: "whole", unit: 1, units: 12 };
  const like = seriesOf({ matrix: "u", gates: ["whole"], units: 12 });
  expect(hasUnit(like, pointed)).toBe(true);
  expect(hasUnit({ ...like, units: 11 }, pointed)).toBe(false);
});

test("the same matrix of a run with another model has the unit if it is large enough", () => {
  expect(hasUnit({ ...projection, units: 2 }, inProjection)).toBe(true);
  expect(hasUnit({ ...projection, units: 1 }, inProjection)).toBe(false);
  expect(hasUnit({ ...kernel, units: 1 }, inKernel)).toBe(false);
});
