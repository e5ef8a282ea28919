/** Which blocks differ most from what all is compared with. */

import { computed, signal } from "@preact/signals";
import { descending } from "d3-array";
import type { Series } from "../api/catalog";
import { type Change, type Comparison, fetchChanges } from "../api/changes";
import { settled } from "./later";
import { oppositeOf, pairsOf } from "./reference";
import { type Loaded, Resource } from "./resource";
import { type ColoredRun, kind, shownRuns, stepIn } from "./selection";

const MAX_BYTES = 8 * 2 ** 20;
const BYTES_A_CHANGE = 200;
/** How long a step has to be looked at before it is compared, in milliseconds. */
const REST = 250;

/** Changes in a list that knows how large it is. */
class Changes {
  constructor(readonly all: readonly Change[]) {}

  get byteLength(): number {
    return this.all.length * BYTES_A_CHANGE;
  }
}

const kept = new Resource<Changes>(MAX_BYTES);

/** A block that differs, and where it is. */
export interface PlacedChange extends Change {
  run: ColoredRun;
  series: Series;
}

interface RunComparison {
  run: ColoredRun;
  comparison: Comparison;
}

/** What is compared: each shown run with the reference. */
const comparisons = computed<RunComparison[]>(() => {
  return shownRuns.value.flatMap((run) => {
    const to = oppositeOf(run);
    const step = stepIn(run.run);
    const otherStep = to && (to.step ?? stepIn(to.run.run));
    if (!to || step === null || otherStep === null) {
      return [];
    }
    const pairs = pairsOf(run, to.run, kind.value.name).map(
      ([own, other]) => [own.tag, other.tag] as const,
    );
    return pairs.length === 0
      ? []
      : [{ run, comparison: { run: run.run, step, otherRun: to.run.run, otherStep, pairs } }];
  });
});

const settledComparisons = settled(comparisons, REST);

/** What is compared, once it has been looked at for a moment. */
export const shownComparisons = computed(() =>
  settledComparisons.value.map(({ comparison }) => comparison),
);

/** What is loaded of each comparison. */
const loaded = computed(() =>
  settledComparisons.value.map(({ run, comparison }) => ({
    run,
    changes: kept.get(
      JSON.stringify(comparison),
      async () => new Changes(await fetchChanges(comparison)),
    ).value as Loaded<Changes>,
  })),
);

/** Lets all be tried again that was not to be had; tells whether there was any. */
export function forgetFailedChanges(): boolean {
  return kept.forgetFailures();
}

/** All blocks that are compared, those that differ most first. */
export const changes = computed<PlacedChange[]>(() => {
  const all = loaded.value.flatMap(({ run, changes: found }) =>
    found.state !== "ready"
      ? []
      : found.value.all.flatMap((change) => {
          const series = run.series.find(({ tag }) => tag === change.tag);
          return series ? [{ ...change, run, series }] : [];
        }),
  );
  return all.sort(byDistance);
});

/** The distances that a person can rank by. */
export type Distance = "relative_wasserstein" | "wasserstein" | "jensen_shannon";

/** What the blocks are ranked by. */
export const rankedBy = signal<Distance>("relative_wasserstein");

/** A distance of a block; null where it has none, or where it says nothing. */
export function distanceOf(change: Change, name: Distance): number | null {
  // In relation to nothing, all is infinitely far: it is 2 wherever the block went.
  return change.began_at_zero && name === "relative_wasserstein" ? null : change[name];
}

/** The farthest first; of what has no such distance, that which has moved farthest. */
function byDistance(one: Change, other: Change): number {
  const name = rankedBy.value;
  return (
    farthestFirst(distanceOf(one, name), distanceOf(other, name)) ||
    farthestFirst(one.wasserstein, other.wasserstein)
  );
}

/** What has no distance comes last. */
function farthestFirst(one: number | null, other: number | null): number {
  return descending(one ?? -1, other ?? -1);
}

export const areChangesLoading = computed(() =>
  loaded.value.some(({ changes: found }) => found.state === "loading"),
);

/** Why some are not to be had. */
export const changesFaults = computed(() =>
  loaded.value.flatMap(({ run, changes: found }) =>
    found.state === "failed" ? [`${run.run}: ${found.reason}`] : [],
  ),
);
