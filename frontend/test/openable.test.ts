import { expect, test } from "vitest";
import { openablePlaces } from "../src/state/openable";
import { GRADIENTS, runOf, seriesOf, WEIGHTS } from "./series";

const trained = seriesOf({ layer: "trained" });
const frozen = seriesOf({ layer: "frozen", is_trained: false });
const other = seriesOf({ layer: "other" });
const gradients = [trained, other].map((series) => ({ ...series, kind: "gradients" }));

function layers(...all: Parameters<typeof openablePlaces>): string[] {
  return openablePlaces(...all).map(({ layer }) => layer);
}

test("places have the models' order, even if the first run has only the last ones' absence to tell", () => {
  const withoutGradients = runOf(trained, frozen, other);
  const run = runOf(trained, frozen, other, ...gradients);
  expect(layers([withoutGradients, run], WEIGHTS)).toEqual(["trained", "frozen", "other"]);
  expect(layers([withoutGradients, run], GRADIENTS)).toEqual(["trained", "frozen", "other"]);
});

test("a place without anything of a kind is one where a run with that kind should have it", () => {
  expect(layers([runOf(trained, frozen)], GRADIENTS)).toEqual(["frozen"]);
  expect(layers([runOf(trained, frozen, ...gradients.slice(1))], GRADIENTS)).toEqual([
    "trained",
    "frozen",
    "other",
  ]);
});

test("a place has the series of its kind and its weights, of all runs", () => {
  const run = runOf(trained, ...gradients.slice(0, 1));
  expect(openablePlaces([run, runOf(trained)], GRADIENTS)).toEqual([
    {
      layer: "trained",
      direction: null,
      index: 0,
      series: gradients.slice(0, 1),
      weights: [trained, trained],
    },
  ]);
});

test("gradients without weights are a place", () => {
  expect(layers([runOf(...gradients)], GRADIENTS)).toEqual(["trained", "other"]);
});
