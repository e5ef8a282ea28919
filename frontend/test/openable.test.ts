import { expect, test } from "vitest";
import type { Kind, Run } from "../src/api/catalog";
import { openablePlaces } from "../src/state/openable";
import { pairPlaces } from "../src/state/pairing";
import { placeKey } from "../src/state/places";
import { GRADIENTS, noticeOf, OUTPUTS, runOf, seriesOf, WEIGHTS } from "./series";

const trained = seriesOf({ layer: "trained" });
const frozen = seriesOf({ layer: "frozen", is_trained: false });
const other = seriesOf({ layer: "other" });
const gradients = [trained, other].map((series) => ({ ...series, kind: "gradients" }));

function opened(runs: readonly Run[], kind: Kind) {
  const named = runs.map((run, number) => ({ ...run, run: `run ${number}` }));
  const pairing = pairPlaces(named);
  return openablePlaces(named, kind, (run, place) => pairing.get(run)?.get(placeKey(place)) ?? "");
}

function layers(runs: readonly Run[], kind: Kind): (string | undefined)[] {
  return opened(runs, kind).map(({ members }) => members[0]?.place.layer);
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
  const place = { layer: "trained", direction: null, index: 0 };
  expect(opened([run, runOf(trained)], GRADIENTS)).toMatchObject([
    {
      members: [
        { run: "run 0", place },
        { run: "run 1", place },
      ],
      series: gradients.slice(0, 1),
      weights: [trained, trained],
    },
  ]);
});

test("gradients without weights are a place", () => {
  expect(layers([runOf(...gradients)], GRADIENTS)).toEqual(["trained", "other"]);
});

test("layers that meet are one place", () => {
  const renamed = [trained, other].map((series) => ({ ...series, layer: `${series.layer}_1` }));
  expect(layers([runOf(trained, other), runOf(...renamed)], WEIGHTS)).toEqual(["trained", "other"]);
});

test.each([GRADIENTS, OUTPUTS])(
  "a place of which a notice says why it has nothing is one: %o",
  (kind) => {
    const notices = [noticeOf({ kind: kind.name, layers: ["other"] })];
    expect(layers([{ ...runOf(trained, other), notices }], kind)).toEqual(["other"]);
  },
);
