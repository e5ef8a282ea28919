import { expect, test } from "vitest";
import { fittingAhead } from "../src/state/snapshots";
import { seriesOf } from "./series";

const AHEAD = [1, 2, 3, 4, 5, 6, 7, 8];

const looked = (size: number, facts = {}) => [
  { run: "run", step: 0, series: seriesOf({ rows: size, columns: size, ...facts }) },
];

test("of small matrices all steps ahead are fetched", () => {
  expect(fittingAhead(looked(256), AHEAD)).toEqual(AHEAD);
});

test("of large ones as many as can be kept beside what is looked at", () => {
  // 32 MiB each.
  expect(fittingAhead(looked(2048), AHEAD)).toEqual([1, 2, 3, 4]);
  expect(fittingAhead([...looked(2048), ...looked(2048)], AHEAD)).toEqual([1, 2]);
  expect(fittingAhead(looked(2048, { planes: ["mean", "sample 0"] }), AHEAD)).toEqual([1, 2]);
  const pooled = { heatmaps: { steps: [], wall_times: [], pool: [2, 1] } };
  expect(fittingAhead(looked(2048, pooled), AHEAD)).toEqual(AHEAD);
});

test("of the largest ones the next step", () => {
  expect(fittingAhead(looked(8192), AHEAD)).toEqual([1]);
  expect(fittingAhead([], AHEAD)).toEqual(AHEAD);
});
