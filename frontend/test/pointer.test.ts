import { expect, test } from "vitest";
import { hasColumn } from "../src/state/pointer";
import { seriesOf } from "./series";

const kernel = seriesOf();
const peephole = seriesOf({ matrix: "peephole", gates: ["input", "forget", "output"] });
const projection = seriesOf({ matrix: "projection", gates: ["whole"], columns: 3 });
const inKernel = { matrix: "kernel", gate: "forget", column: 1, columns: 7 };
const inProjection = { matrix: "projection", gate: "whole", column: 1, columns: 3 };

test("a unit of the cell is marked in all matrices that have gates", () => {
  expect([kernel, peephole].map((series) => hasColumn(series, inKernel))).toEqual([true, true]);
});

test("a projected unit is none of the cell's", () => {
  expect(hasColumn(projection, inKernel)).toBe(false);
  expect(hasColumn(kernel, inProjection)).toBe(false);
  expect(hasColumn(projection, inProjection)).toBe(true);
});

test("of a cell whose gates are not known, columns are marked in matrices with as many", () => {
  const pointed = { matrix: "w", gate: "whole", column: 1, columns: 12 };
  const like = seriesOf({ matrix: "u", gates: ["whole"], columns: 12 });
  expect(hasColumn(like, pointed)).toBe(true);
  expect(hasColumn({ ...like, columns: 11 }, pointed)).toBe(false);
});

test("the same matrix of a run with another model has the unit if it is large enough", () => {
  expect(hasColumn({ ...projection, columns: 2 }, inProjection)).toBe(true);
  expect(hasColumn({ ...projection, columns: 1 }, inProjection)).toBe(false);
  expect(hasColumn({ ...kernel, columns: 1 }, inKernel)).toBe(false);
});
