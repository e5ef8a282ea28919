import { expect, test } from "vitest";
import { Cells } from "../src/decode/cells";
import { Planes } from "../src/decode/planes";
import { ofShape } from "../src/state/shape";
import { seriesOf } from "./series";

const series = (pool: [number, number]) =>
  seriesOf({ heatmaps: { steps: [], wall_times: [], pool } });
const planes = (rows: number, columns: number, count = 1) =>
  new Planes(
    Array.from({ length: count }, () => new Cells(rows, columns, new Uint16Array(rows * columns))),
  );

test.each([
  { pool: [1, 1] as [number, number], rows: 5, columns: 28 },
  { pool: [2, 3] as [number, number], rows: 3, columns: 12 },
])("cells of their series' own shape are passed on, pooled by $pool", ({ pool, rows, columns }) => {
  const found = planes(rows, columns);
  expect(ofShape(series(pool), found)).toBe(found);
});

test("cells of another model's shape are refused with both shapes", () => {
  expect(() => ofShape(series([1, 1]), planes(5, 56))).toThrow(
    "has 5 × 56 cells, but its series began with 5 × 28",
  );
});

test("a heatmap has as many planes as its series", () => {
  const two = { ...series([1, 1]), planes: ["mean over the batch", "sample 0"] };
  expect(ofShape(two, planes(5, 28, 2)).all).toHaveLength(2);
  expect(() => ofShape(two, planes(5, 28, 3))).toThrow(
    "has 3 matrices, but its series began with 2",
  );
});
