/** Weights and their gradients cell by cell, for each gate of the open matrix. */

import { computed } from "@preact/signals";
import type { Series } from "../api/catalog";
import { fetchJoint } from "../api/snapshots";
import type { Joint } from "../decode/joint";
import { settled } from "./later";
import { type Loaded, Resource } from "./resource";
import { type ColoredRun, isOpen, kinds, openMatrix, shownRuns, stepIn } from "./selection";

const MAX_BYTES = 32 * 2 ** 20;
/** How long a step has to be looked at before it is asked for, in milliseconds. */
const REST = 150;

/** The view of two kinds against each other: those that have it, in the catalog's order, are its x and its y. */
const VIEW = "weight_gradient";

const comparedKinds = computed(() =>
  kinds.value.filter(({ views }) => views.includes(VIEW)).map(({ name }) => name),
);

const kept = new Resource<Joint>(MAX_BYTES);

/** The weights of a matrix in one run, and their gradients. */
export interface Twins {
  run: ColoredRun;
  weights: Series;
  gradients: Series;
}

/** All matrices of the open place that have both, of each shown run. */
const allTwins = computed<Twins[]>(() =>
  shownRuns.value.flatMap((run) => {
    const [x, y] = comparedKinds.value;
    const own = run.series.filter((series) => isOpen(run.run, series));
    return own
      .filter(({ kind }) => kind === x)
      .flatMap((weights) => {
        const gradients = own.find(
          (one) => one.kind === y && one.matrix === weights.matrix && haveCommonStep(weights, one),
        );
        return gradients ? [{ run, weights, gradients }] : [];
      });
  }),
);

/** Whether both have a heatmap of some step: only then they can be told cell by cell. */
function haveCommonStep(one: Series, other: Series): boolean {
  const steps = new Set(one.heatmaps.steps);
  return other.heatmaps.steps.some((step) => steps.has(step));
}

/** The names of the matrices that have both. */
export const twinMatrices = computed(() => [
  ...new Set(allTwins.value.map(({ weights }) => weights.matrix)),
]);

/** The matrix that is shown. */
export const twinMatrix = computed(() =>
  twinMatrices.value.includes(openMatrix.value) ? openMatrix.value : twinMatrices.value[0],
);

/** What is shown: of each run the one matrix. */
export const twins = computed(() =>
  allTwins.value.filter(({ weights }) => weights.matrix === twinMatrix.value),
);

const settledSteps = settled(
  computed(() => new Map(shownRuns.value.map(({ run }) => [run, stepIn(run)]))),
  REST,
);

/** The histogram of one gate at the shown step; read as a signal. */
export function jointOf({ run, weights, gradients }: Twins, gate: string): Loaded<Joint> {
  const step = settledSteps.value.get(run.run) ?? null;
  if (step === null) {
    return { state: "loading" };
  }
  const name = { run: run.run, tag: weights.tag, otherTag: gradients.tag, step, gate };
  return kept.get(JSON.stringify([name, gradients.last_step]), (signal) => fetchJoint(name, signal))
    .value;
}

/** Lets all be tried again that was not to be had; tells whether there was any. */
export function forgetFailedJoints(): boolean {
  return kept.forgetFailures();
}
