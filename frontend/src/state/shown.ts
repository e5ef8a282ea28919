/** What is on screen: each shown run with its series of the open place, and what is loaded of them. */

import { computed } from "@preact/signals";
import type { Notice, Series } from "../api/catalog";
import type { Histograms } from "../decode/histograms";
import type { Statistics, StatisticsByTag } from "../decode/statistics";
import { noticesAbout } from "./notices";
import type { Loaded } from "./resource";
import { type ColoredRun, kind, openAbsent, openPlaceIn, openSeries, shownRuns } from "./selection";
import { histogramsOf } from "./snapshots";
import { colorSpans, type Measured } from "./spans";
import { drawnStatisticsOf, ofSeries, picturesStatisticsOf } from "./statistics";
import { isMatrixShown } from "./unit_settings";

/** A series of the open place, with the statistics that its pictures need on their way. */
export interface ShownSeries {
  series: Series;
  loaded: Loaded<Statistics>;
}

/** A series with its histograms, of one run. */
export interface Shown {
  run: string;
  series: Series;
  histograms: Histograms;
}

/** A shown run with its series of the open place. */
export interface ShownRun extends ColoredRun {
  shown: ShownSeries[];
  /** The weights of its matrices that have no series of the shown kind. */
  absent: Series[];
  /** Why it lacks something of the shown kind. */
  reasons: Notice[];
}

/** The shown runs that have the open place. */
export const shownOnScreen = computed<ShownRun[]>(() =>
  shownRuns.value
    .map(shownRun)
    .filter(({ shown, absent, reasons }) => shown.length + absent.length + reasons.length > 0),
);

function shownRun(run: ColoredRun): ShownRun {
  const series = openSeries(run);
  const absent = openAbsent(run);
  const place = openPlaceIn(run.run);
  // What is frozen needs no further reason.
  const isLacking =
    absent.some(({ is_trained }) => is_trained) || series.length + absent.length === 0;
  return {
    ...run,
    shown: withStatistics(series, (all) => picturesStatisticsOf(run, all)).filter(
      ({ series: { matrix } }) => isMatrixShown(matrix),
    ),
    absent: absent.filter(({ matrix }) => isMatrixShown(matrix)),
    reasons: place && isLacking ? noticesAbout(run, kind.value.name, place.layer) : [],
  };
}

/** @param load - Asks for the statistics of all of them at once. */
function withStatistics(
  all: readonly Series[],
  load: (all: readonly Series[]) => Loaded<StatisticsByTag>,
): ShownSeries[] {
  const loaded = all.length > 0 ? load(all) : null;
  return all.flatMap((series) => (loaded ? [{ series, loaded: ofSeries(loaded, series) }] : []));
}

/** The names of the matrices on screen, each once. */
export const matricesOnScreen = computed(() => [
  ...new Set(shownOnScreen.value.flatMap(({ shown }) => shown.map(({ series }) => series.matrix))),
]);

/** A series on screen, of a run with its colour. */
export type Colored<T> = T & { color: string };

/** All series on screen, with what colours and marks need of them. */
export const measuredOnScreen = computed<Colored<Measured>[]>(() =>
  shownOnScreen.value.flatMap(({ run, color, shown }) => ready(run, color, shown)),
);

/** All series on screen with all their statistics; asked for only where a view reads it. */
export const statisticsOnScreen = computed(() => measuredBy([]));

/** All series on screen with the statistics of those names; read as a signal. */
export function measuredBy(names: readonly string[]): Colored<Measured>[] {
  return shownOnScreen.value.flatMap((run) => {
    const all = run.shown.map(({ series }) => series);
    const loaded = withStatistics(all, (wanted) => drawnStatisticsOf(run, wanted, names));
    return ready(run.run, run.color, loaded);
  });
}

function ready(run: string, color: string, all: readonly ShownSeries[]): Colored<Measured>[] {
  return all.flatMap(({ series, loaded }) =>
    loaded.state === "ready" ? [{ run, color, series, statistics: loaded.value }] : [],
  );
}

/** All series on screen whose histograms are loaded; asked for only where a view reads it. */
export const loadedOnScreen = computed<Colored<Shown>[]>(() =>
  shownOnScreen.value.flatMap(({ run, color, shown }) =>
    shown.flatMap(({ series }) => {
      const loaded = histogramsOf(run, series);
      return loaded.state === "ready" ? [{ run, color, series, histograms: loaded.value }] : [];
    }),
  ),
);

/** The spans of the colours on screen. */
export const spansOnScreen = computed(() => colorSpans(measuredOnScreen.value));
