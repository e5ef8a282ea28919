/** What all that is shown is compared with: another run, or another step of the same run. */

import { computed, signal } from "@preact/signals";
import type { Series } from "../api/catalog";
import { aFrameLater } from "./later";
import { meetingOf } from "./meetings";
import { type ColoredRun, heldSteps, openSeries, shownRuns, stepIn } from "./selection";
import { type Heatmap, heatmapNear } from "./snapshots";

/** A run whose numbers are taken from those of all others, or a step whose numbers are taken from all later ones. */
export type Reference = { run: string } | { step: number };

/** What a person compares with; null while nothing is. */
export const chosenReference = signal<Reference | null>(null);

/** What is compared with, as long as it is shown. */
export const reference = computed<Reference | null>(() => {
  const chosen = chosenReference.value;
  const isThere =
    chosen && ("step" in chosen || shownRuns.value.some(({ run }) => run === chosen.run));
  return isThere ? chosen : null;
});

/** The same for the views that show it beside heatmaps, which are painted first; and for those after these. */
export const referenceOfHistograms = aFrameLater(reference);
export const referenceOfChanges = aFrameLater(referenceOfHistograms);

/** A series at a step. */
export interface Referred {
  run: string;
  series: Series;
  step: number;
}

/** The run that another one is compared with. */
export interface Opposite {
  run: ColoredRun;
  /** The step of it that is meant at every step of the run that is compared; null for that step itself. */
  step: number | null;
}

/** What a shown run is compared with; null where there is nothing, as of the reference itself. */
export function oppositeOf(own: ColoredRun): Opposite | null {
  const to = reference.value;
  if (!to) {
    return null;
  }
  if ("step" in to) {
    return { run: own, step: to.step };
  }
  const run = shownRuns.value.find((one) => one.run === to.run);
  if (!run || run.run === own.run) {
    return null;
  }
  const isAnyHeld = [own, run].some((one) => heldSteps.value.has(one.run));
  return { run, step: isAnyHeld ? stepIn(run.run) : null };
}

/** The series of a kind of two runs that are the same matrix, of whatever size. */
export function pairsOf(
  own: ColoredRun,
  other: ColoredRun,
  kind: string,
): (readonly [Series, Series])[] {
  return own.series
    .filter((series) => series.kind === kind)
    .flatMap((series) => {
      const match = other.series.find((one) => areSameMatrix(own.run, series, other.run, one));
      return match ? [[series, match] as const] : [];
    });
}

/** The series that a series of the open place is compared with cell by cell; null where there is none. */
export function counterpartOf(
  own: ColoredRun,
  series: Series,
): (Opposite & { series: Series }) | null {
  const to = oppositeOf(own);
  const found =
    to && openSeries(to.run).find((one) => areComparable(own.run, series, to.run.run, one));
  return to && found ? { ...to, series: found } : null;
}

/** What a series of a run is compared with at the shown step; null where there is nothing. */
export function referredBy(run: string, series: Series): Referred | null {
  const own = shownRuns.value.find((one) => one.run === run);
  const to = own ? counterpartOf(own, series) : null;
  return (
    to && {
      run: to.run.run,
      series: to.series,
      step: to.step ?? stepIn(to.run.run) ?? to.series.last_step,
    }
  );
}

/** The heatmap that is taken from that of a series; null where there is none. */
export function referenceHeatmap(run: string, series: Series): Heatmap | null {
  const to = referredBy(run, series);
  return to && heatmapNear(to.run, to.series, to.step);
}

/** Whether two series of two runs are of the same matrix. */
function areSameMatrix(run: string, one: Series, otherRun: string, other: Series): boolean {
  return (
    one.kind === other.kind &&
    one.matrix === other.matrix &&
    meetingOf(run, one) === meetingOf(otherRun, other)
  );
}

/** Whether they are of the same size, too, so that one can be taken from the other. */
function areComparable(run: string, one: Series, otherRun: string, other: Series): boolean {
  return (
    areSameMatrix(run, one, otherRun, other) &&
    one.rows === other.rows &&
    one.columns === other.columns &&
    JSON.stringify([one.gates, one.heatmaps.pool, one.planes.length]) ===
      JSON.stringify([other.gates, other.heatmaps.pool, other.planes.length])
  );
}
