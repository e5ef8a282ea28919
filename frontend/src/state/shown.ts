/** What is on screen: each shown run with its series of the open place, and what is loaded of them. */

import { computed } from "@preact/signals";
import type { Notice, Series } from "../api/catalog";
import type { Statistics, StatisticsByTag } from "../decode/statistics";
import { noticesAbout } from "./notices";
import type { Loaded } from "./resource";
import { type ColoredRun, kind, openAbsent, openPlaceIn, openSeries, shownRuns } from "./selection";
import { colorSpans, type Measured } from "./spans";
import { drawnStatisticsOf, ofSeries, picturesStatisticsOf } from "./statistics";
import { type StepPart, withNeighbours } from "./step_parts";
import { isMatrixShown } from "./unit_settings";

/** A series of the open place, with the statistics that its pictures need on their way. */
export interface ShownSeries {
  series: Series;
  loaded: Loaded<Statistics>;
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
  return shownOnScreen.value.flatMap((run) => ready(run.run, run.color, drawn(run, names, null)));
}

/** The same, but where steps were left out, with more of those in a range, and none that are far from it. */
export function measuredIn(names: readonly string[], range: StepPart): Colored<Measured>[] {
  return shownOnScreen.value.flatMap((run) => {
    const all = drawn(run, names, null);
    const parts = all.flatMap(({ loaded }) =>
      loaded.state === "ready" && loaded.value.isThinned
        ? [withNeighbours(loaded.value.allSteps, range)]
        : [],
    );
    if (parts.length === 0) {
      return ready(run.run, run.color, all);
    }
    const firsts = parts.map(([first]) => first);
    const lasts = parts.map(([, last]) => last);
    const closer = drawn(run, names, [Math.min(...firsts), Math.max(...lasts)]);
    // Until it is there, fewer steps are better than none.
    const found = all.map((one, place) =>
      closer[place]?.loaded.state === "ready" ? closer[place] : one,
    );
    return ready(run.run, run.color, found);
  });
}

function drawn(run: ShownRun, names: readonly string[], part: StepPart | null): ShownSeries[] {
  const all = run.shown.map(({ series }) => series);
  return withStatistics(all, (wanted) => drawnStatisticsOf(run, wanted, names, part));
}

function ready(run: string, color: string, all: readonly ShownSeries[]): Colored<Measured>[] {
  return all.flatMap(({ series, loaded }) =>
    loaded.state === "ready" ? [{ run, color, series, statistics: loaded.value }] : [],
  );
}

/** The spans of the colours on screen. */
export const spansOnScreen = computed(() => colorSpans(measuredOnScreen.value));
