/** Which runs are most worth seeing where nobody has chosen any. */

import { max, min, sort } from "d3-array";
import type { Rule, Run } from "../api/catalog";
import { gravityOfRun } from "./gravity";

/** How many of those that are shown at first are there because something is wrong in them, at most. */
const FAULTY_SHARE = 0.5;

/** When a run's first heatmap was logged, in seconds since 1970. */
export function startOf({ series }: Run): number {
  return min(series, ({ heatmaps }) => heatmaps.wall_times[0]) ?? Number.POSITIVE_INFINITY;
}

/** When a run's last heatmap was logged, in seconds since 1970. */
export function endOf({ series }: Run): number {
  return max(series, ({ heatmaps }) => heatmaps.wall_times.at(-1)) ?? Number.NEGATIVE_INFINITY;
}

/** The names of so many runs: those in which the worst is found, newest first, then the newest of all. */
export function worthSeeing(
  runs: readonly Run[],
  count: number,
  rules: readonly Pick<Rule, "name">[],
): Set<string> {
  const newest = sort(runs, (run) => -endOf(run));
  const gravities = new Map(newest.map((run) => [run, gravityOfRun(rules, run)]));
  const worst = sort(
    newest.filter((run) => Number.isFinite(gravities.get(run))),
    (run) => gravities.get(run),
  );
  const faulty = worst.slice(0, Math.floor(count * FAULTY_SHARE));
  const names = new Set([...faulty, ...newest].map(({ run }) => run));
  return new Set([...names].slice(0, count));
}
