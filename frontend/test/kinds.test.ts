import { expect, test } from "vitest";
import { inKindGroups, isSquare, unitsOf } from "../src/state/kinds";
import { viewsOf } from "../src/views/views_of";
import { CORRELATIONS, GRADIENTS, OUTPUTS, REACH, seriesOf, WEIGHTS } from "./series";

test("kinds are offered as those of the parameters and those of what flows", () => {
  const groups = inKindGroups([WEIGHTS, OUTPUTS, GRADIENTS]);
  expect(groups.map(({ name, kinds }) => [name, ...kinds.map((kind) => kind.name)])).toEqual([
    ["parameters", "weights", "gradients"],
    ["signals", "outputs"],
  ]);
  expect(inKindGroups([WEIGHTS])).toHaveLength(1);
});

test("a matrix is a square where its rows and columns are the same things", () => {
  expect([WEIGHTS, OUTPUTS, REACH, CORRELATIONS].map(isSquare)).toEqual([false, false, true, true]);
});

test("a series is of as many units as its columns or its rows", () => {
  const series = seriesOf({ rows: 16, columns: 40 });
  expect(unitsOf(WEIGHTS, series)).toBe(40);
  expect(unitsOf(OUTPUTS, series)).toBe(16);
  expect(unitsOf(REACH, series)).toBeNull();
});

test("the views of a kind are shown in its order, and those that nobody knows are left out", () => {
  const table = { heatmaps: 1, flow: 2, timelines: 3 };
  const views = ["flow", "holograms", "toString", "heatmaps"];
  expect(viewsOf({ views }, table)).toEqual([
    { name: "flow", View: 2 },
    { name: "heatmaps", View: 1 },
  ]);
});
