import { expect, test } from "vitest";
import { absentOf, isFrozen, modelOrder } from "../src/state/frozen";
import { GRADIENTS, runOf, seriesOf, WEIGHTS } from "./series";

const weights = [
  seriesOf({ layer: "a" }),
  seriesOf({ layer: "a", matrix: "bias" }),
  seriesOf({ layer: "b", is_trained: false }),
];
const gradient = seriesOf({ kind: "gradients", layer: "a" });

test("what has weights and none of the other kind is absent, in the model's order", () => {
  const absent = absentOf(runOf(gradient, ...weights), GRADIENTS);
  expect(absent).toEqual(weights.slice(1));
});

test("weights themselves are never absent", () => {
  expect(absentOf(runOf(...weights), WEIGHTS)).toEqual([]);
});

test("a run in which nobody logged that kind only tells of cells that have something frozen", () => {
  expect(absentOf(runOf(...weights), GRADIENTS)).toEqual([weights[2]]);
  const bias = seriesOf({ layer: "b", matrix: "bias" });
  expect(absentOf(runOf(...weights, bias), GRADIENTS)).toEqual([weights[2], bias]);
});

test.each([{ direction: "forward" }, { index: 1 }, { matrix: "bias" }, { layer: "b" }])(
  "a matrix of another place has no say: %o",
  (facts) => {
    const run = runOf(
      seriesOf({ layer: "a" }),
      seriesOf({ kind: "gradients", layer: "a", ...facts }),
    );
    expect(absentOf(run, GRADIENTS)).toEqual([run.series[0]]);
  },
);

test("all kinds have the order of the weights", () => {
  const order = modelOrder(runOf(gradient, ...weights));
  expect(weights.map(order)).toEqual([0, 1, 2]);
  expect(order(gradient)).toBe(0);
});

test("a layer is frozen if all of it is", () => {
  expect(isFrozen(weights)).toBe(false);
  expect(isFrozen(weights.slice(2))).toBe(true);
  expect(isFrozen([])).toBe(false);
});
