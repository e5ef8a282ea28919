/** What is on screen: each shown run with its series of the open place, and what is loaded of them. */

import { computed } from "@preact/signals";
import type { Series } from "../api/catalog";
import type { Histograms } from "../decode/histograms";
import type { Loaded } from "./resource";
import { type ColoredRun, openAbsent, openSeries, shownRuns } from "./selection";
import { showBias } from "./settings";
import { histogramsOf } from "./snapshots";
import { colorSpans, type Shown } from "./spans";

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
}

const BIASES = ["bias", "recurrent_bias"];

/** Whether a matrix is a bias, which is drawn as a strip. */
export function isBias(matrix: string): boolean {
  return BIASES.includes(matrix);
}

/** The shown runs that have the open place. */
export const shownOnScreen = computed<ShownRun[]>(() =>
  shownRuns.value
    .map((run) => ({
      ...run,
      shown: openSeries(run)
        .filter(isWanted)
        .map((series) => ({ series, loaded: histogramsOf(run.run, series) })),
      absent: openAbsent(run).filter(isWanted),
    }))
    .filter(({ shown, absent }) => shown.length + absent.length > 0),
);

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
