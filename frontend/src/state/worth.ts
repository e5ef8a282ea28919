/** Which runs are most worth seeing where nobody has chosen any. */

import { max, min, sort } from "d3-array";
import type { Run } from "../api/catalog";

/** How many of those that are shown at first are there because something is wrong in them, at most. */
const FAULTY_SHARE = 0.5;

/** When a run's first heatmap was logged, in seconds since 1970. */
export function startOf({ series }: Run): number {
  return min(series, ({ heatmaps }) => heatmaps.wall_times[0]) ?? Number.POSITIVE_INFINITY;
}

function endOf({ series }: Run): number {
  return max(series, ({ heatmaps }) => heatmaps.wall_times.at(-1)) ?? Number.NEGATIVE_INFINITY;
}

/** Whether a run has NaN or infinity, or a rule still finds something in it. */
export function isFaulty({ series }: Run): boolean {
  return series.some(
    ({ nonfinite, findings }) =>
      nonfinite.length > 0 || findings.some(({ last_step }) => last_step === null),
  );
}

/** The names of so many runs: the newest ones of those in which something is wrong, then the newest of all. */
export function worthSeeing(runs: readonly Run[], count: number): Set<string> {
  const newest = sort(runs, (run) => -endOf(run));
  const faulty = newest.filter(isFaulty).slice(0, Math.floor(count * FAULTY_SHARE));
  const names = new Set([...faulty, ...newest].map(({ run }) => run));
  return new Set([...names].slice(0, count));
}
