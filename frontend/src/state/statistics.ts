/** Statistics over the steps: fetched for all series of a run at once that are asked for together. */

import type { Run, Series } from "../api/catalog";
import { fetchStatistics } from "../api/snapshots";
import type { Statistics, StatisticsByTag } from "../decode/statistics";
import { Latest, versionOf } from "./latest";
import type { Loaded } from "./resource";
import type { StepPart } from "./step_parts";

const MEBIBYTE = 2 ** 20;

const kept = new Latest<StatisticsByTag>(64 * MEBIBYTE);

/** Of which series, and which of their statistics. */
export interface Wanted {
  /** Series of one kind. */
  series: readonly Series[];
  /** Whether these are all that the run has of the kind, so that none has to be named. */
  areAll?: boolean;
  /** Names of statistics; all that were logged if there is none. */
  names: readonly string[];
  /** Of how many steps at most. */
  most: number;
  /** Of which steps; of all if it isn't said. */
  part?: StepPart | null;
  /** `"low"` for what may come after all else that is on its way. */
  priority?: RequestPriority;
}

/** Statistics of some series of a run, with all that was logged by now; read as a signal. */
export function statisticsOf({ run }: Pick<Run, "run">, wanted: Wanted): Loaded<StatisticsByTag> {
  const { series, areAll = false, names, most, part = null, priority } = wanted;
  const [first] = series;
  if (!first) {
    return { state: "failed", reason: "no series was asked for" };
  }
  const tags = areAll ? [] : series.map(({ tag }) => tag);
  const name = { run, kind: first.kind, tags, names, most, part };
  const versions = series.map(versionOf).join();
  return kept.get(JSON.stringify(name), versions, () => fetchStatistics(name, priority));
}

/** What colours and marks need, and nothing more: it comes before the first picture. */
const FOR_PICTURES = [
  "robust_magnitude",
  "small_magnitude",
  "minimum",
  "maximum",
  "count",
  "nan",
  "positive_infinity",
  "negative_infinity",
] as const;

/** Of how many steps statistics are fetched at most: more can't be told apart on any screen. */
const MOST_STEPS = 500;

/** What the pictures of some series need: without what only curves show, since they all wait for it. */
export function picturesStatisticsOf(run: Pick<Run, "run">, series: readonly Series[]) {
  return drawnStatisticsOf(run, series, FOR_PICTURES);
}

/**
 * Statistics of some series, at as many steps as a screen can show; all that were logged if none is named.
 *
 * @param part - Of which steps; null for all.
 */
export function drawnStatisticsOf(
  run: Pick<Run, "run">,
  series: readonly Series[],
  names: readonly string[],
  part: StepPart | null = null,
) {
  return statisticsOf(run, { series, names, most: MOST_STEPS, part });
}

/** The statistics of one of them. */
export function ofSeries(loaded: Loaded<StatisticsByTag>, { tag }: Series): Loaded<Statistics> {
  if (loaded.state !== "ready") {
    return loaded;
  }
  const value = loaded.value.get(tag);
  return value ? { state: "ready", value } : { state: "failed", reason: loaded.value.reason(tag) };
}

/** Lets all be tried again that was not to be had; tells whether there was any. */
export function forgetFailedStatistics(): boolean {
  return kept.forgetFailures();
}
