/** The whole model at one glance: a statistic of each block of each shown run. */

import { computed, signal } from "@preact/signals";
import type { Series } from "../api/catalog";
import type { Statistics, StatisticsByTag } from "../decode/statistics";
import { distancesOf } from "./compared";
import { type GlanceStatistic, STATISTICS } from "./glance_statistics";
import { meetingOf } from "./meetings";
import type { OpenablePlace } from "./openable";
import { oppositeOf, pairsOf, reference } from "./reference";
import type { Loaded } from "./resource";
import { type ColoredRun, kind, places, shownRuns } from "./selection";
import { ofSeries, statisticsOf } from "./statistics";
import { isMatrixShown } from "./unit_settings";

/** Of how many steps a block is shown at most. */
const MOST_STEPS = 200;

/** By what rows are sorted. */
export type GlanceOrder = "model" | "value";

/** What shares one range of colours. */
export type GlanceScope = "automatic" | "row" | "all";

export const chosenStatistic = signal<string>(STATISTICS[0].name);
export const glanceOrder = signal<GlanceOrder>("model");
export const glanceScope = signal<GlanceScope>("automatic");

/** The statistic that is shown. */
export const glanceStatistic = computed<GlanceStatistic>(
  () => STATISTICS.find(({ name }) => name === chosenStatistic.value) ?? STATISTICS[0],
);

/** Shows another statistic. */
export function chooseGlanceStatistic(name: string): void {
  chosenStatistic.value = name;
}

/** One matrix of a place, in all shown runs that have it. */
export interface GlanceRow {
  place: OpenablePlace;
  matrix: string;
  gates: readonly string[];
  /** By the run's name. */
  series: ReadonlyMap<string, Series>;
}

/** The rows of the shown kind, in the models' order. */
export const glanceRows = computed<GlanceRow[]>(() =>
  places.value.flatMap((place) => {
    const rows = new Map<string, GlanceRow & { series: Map<string, Series> }>();
    for (const run of shownRuns.value) {
      for (const series of seriesOf(run)) {
        if (meetingOf(run.run, series) === place.meeting) {
          const { matrix, gates } = series;
          const key = JSON.stringify([matrix, gates]);
          const row = rows.get(key) ?? { place, matrix, gates, series: new Map() };
          row.series.set(run.run, series);
          rows.set(key, row);
        }
      }
    }
    return [...rows.values()];
  }),
);

function seriesOf({ series }: ColoredRun): Series[] {
  return series.filter((one) => one.kind === kind.value.name && isMatrixShown(one.matrix));
}

/** What is loaded of the shown statistic, by the run's name. */
const loadedByRun = computed(
  () =>
    new Map(
      shownRuns.value.flatMap((run) => {
        const loaded = glanceStatistic.value.isComparison ? comparisonOf(run) : ownOf(run);
        return loaded ? [[run.run, loaded] as const] : [];
      }),
    ),
);

function ownOf(run: ColoredRun): Loaded<StatisticsByTag> | null {
  const series = run.series.filter((one) => one.kind === kind.value.name);
  const names = glanceStatistic.value.needs;
  return series.length > 0
    ? // The heatmaps are looked at first.
      statisticsOf(run, { series, areAll: true, names, most: MOST_STEPS, priority: "low" })
    : null;
}

/** Null where a run is compared with nothing, as what all are compared with. */
function comparisonOf(run: ColoredRun): Loaded<StatisticsByTag> | null {
  const to = oppositeOf(run);
  const pairs = to ? pairsOf(run, to.run, kind.value.name) : [];
  return to && pairs.length > 0 ? distancesOf(run.run, to, pairs, MOST_STEPS) : null;
}

/** Whether something has to be chosen to compare with before there is anything to be seen. */
export const isReferenceMissing = computed(
  () => glanceStatistic.value.isComparison === true && reference.value === null,
);

/** What is loaded of one series. */
export function glanceOf(run: string, series: Series): Loaded<Statistics> {
  const loaded = loadedByRun.value.get(run);
  return loaded ? ofSeries(loaded, series) : { state: "loading" };
}

/** Whether something of what is shown is still on its way. */
export const isGlanceLoading = computed(() =>
  [...loadedByRun.value.values()].some(({ state }) => state === "loading"),
);

/** Why something is not to be had, by the run's name. */
export const glanceFaults = computed(() =>
  [...loadedByRun.value].flatMap(([run, loaded]) =>
    loaded.state === "failed" ? [`${run}: ${loaded.reason}`] : [],
  ),
);

/** What shares one range of colours, whether it was chosen or not. */
export const scopeOfGlance = computed<Exclude<GlanceScope, "automatic">>(() => {
  if (glanceScope.value !== "automatic") {
    return glanceScope.value;
  }
  // Where decades count, what is small in one layer is what one looks for; elsewhere matrices aren't alike.
  return kind.value.spans_decades || glanceStatistic.value.isShare ? "all" : "row";
});
