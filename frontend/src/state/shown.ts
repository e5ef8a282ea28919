/** What is on screen: each shown run with its series of the open place, and what is loaded of them. */

import { computed } from "@preact/signals";
import type { Notice, Series } from "../api/catalog";
import type { Histograms } from "../decode/histograms";
import { isBias } from "./biases";
import { noticesAbout } from "./notices";
import type { Loaded } from "./resource";
import { type ColoredRun, kind, openAbsent, openPlaceIn, openSeries, shownRuns } from "./selection";
import { histogramsOf } from "./snapshots";
import { colorSpans, type Shown } from "./spans";
import { showBias } from "./unit_settings";

/** A series of the open place, with its histograms on their way. */
export interface ShownSeries {
  series: Series;
  loaded: Loaded<Histograms>;
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
    shown: series
      .filter(isWanted)
      .map((one) => ({ series: one, loaded: histogramsOf(run.run, one) })),
    absent: absent.filter(isWanted),
    reasons: place && isLacking ? noticesAbout(run, kind.value.name, place.layer) : [],
  };
}

function isWanted({ matrix }: Series): boolean {
  return showBias.value || !isBias(matrix);
}

/** All series on screen whose histograms are loaded. */
export const loadedOnScreen = computed<(Shown & { color: string })[]>(() =>
  shownOnScreen.value.flatMap(({ run, color, shown }) =>
    shown.flatMap(({ series, loaded }) =>
      loaded.state === "ready" ? [{ run, color, series, histograms: loaded.value }] : [],
    ),
  ),
);

/** The spans of the colours on screen. */
export const spansOnScreen = computed(() => colorSpans(loadedOnScreen.value));
