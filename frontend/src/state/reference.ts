/** What all that is shown is compared with: another run, or another step of the same run. */

import { computed, signal } from "@preact/signals";
import type { Series } from "../api/catalog";
import { meetingOf } from "./meetings";
import { openSeries, shownRuns, stepIn } from "./selection";
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

/** A series at a step. */
export interface Referred {
  run: string;
  series: Series;
  step: number;
}

/** What a series of a run is compared with; null where there is nothing, as of the reference itself. */
export function referredBy(run: string, series: Series): Referred | null {
  const to = reference.value;
  if (!to || ("run" in to && to.run === run)) {
    return null;
  }
  if ("step" in to) {
    return { run, series, step: to.step };
  }
  const other = shownRuns.value.find((one) => one.run === to.run);
  const own = other && openSeries(other).find((one) => areComparable(run, series, to.run, one));
  return own ? { run: to.run, series: own, step: stepIn(to.run) ?? own.last_step } : null;
}

/** The heatmap that is taken from that of a series; null where there is none. */
export function referenceHeatmap(run: string, series: Series): Heatmap | null {
  const to = referredBy(run, series);
  return to && heatmapNear(to.run, to.series, to.step);
}

/** Whether two series of two runs are of the same matrix, of the same size. */
function areComparable(run: string, one: Series, otherRun: string, other: Series): boolean {
  return (
    one.kind === other.kind &&
    one.matrix === other.matrix &&
    meetingOf(run, one) === meetingOf(otherRun, other) &&
    one.rows === other.rows &&
    one.columns === other.columns &&
    JSON.stringify([one.gates, one.heatmaps.pool, one.planes.length]) ===
      JSON.stringify([other.gates, other.heatmaps.pool, other.planes.length])
  );
}
