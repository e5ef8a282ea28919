/** The colours of differences: they have a range of their own, since those of the values would leave them pale. */

import { computed } from "@preact/signals";
import type { Series } from "../api/catalog";
import type { StatisticsByTag } from "../decode/statistics";
import type { Span } from "../paint/span";
import { differencesOf } from "./compared";
import { counterpartOf, oppositeOf } from "./reference";
import type { Loaded } from "./resource";
import { shownOnScreen } from "./shown";
import { colorSpans, type Measured } from "./spans";
import { ofSeries } from "./statistics";

/** What is loaded of the differences of each run on screen that has some, by the run's name. */
const loadedByRun = computed(
  () =>
    new Map(
      shownOnScreen.value.flatMap((run): [string, Loaded<StatisticsByTag>][] => {
        const to = oppositeOf(run);
        const pairs = run.shown.flatMap(({ series }) => {
          const other = counterpartOf(run, series)?.series;
          return other && haveHeatmaps(series, other) ? [[series, other] as const] : [];
        });
        return to && pairs.length > 0 ? [[run.run, differencesOf(run.run, to, pairs)]] : [];
      }),
    ),
);

function haveHeatmaps(...all: readonly Series[]): boolean {
  return all.every(({ heatmaps }) => heatmaps.steps.length > 0);
}

/** All differences on screen whose reach is known. */
const measured = computed<Measured[]>(() =>
  shownOnScreen.value.flatMap(({ run, shown }) =>
    shown.flatMap(({ series }) => {
      const own = reachOf(run, series);
      return own?.state === "ready" ? [{ run, series, statistics: own.value }] : [];
    }),
  ),
);

function reachOf(run: string, series: Series) {
  const loaded = loadedByRun.value.get(run);
  return loaded ? ofSeries(loaded, series) : null;
}

const spans = computed(() => colorSpans(measured.value));

/** Whether some run on screen is compared with something. */
export const areDifferencesShown = computed(() => loadedByRun.value.size > 0);

/** Whether all runs on screen are, so that no values are painted as they are. */
export const areOnlyDifferencesShown = computed(
  () => loadedByRun.value.size === shownOnScreen.value.length,
);

/** The spans of the gates of a series' difference; null where it is compared with nothing. */
export function differenceSpans(run: string, series: Series): Loaded<readonly Span[]> | null {
  const own = reachOf(run, series);
  if (own?.state !== "ready") {
    return own;
  }
  const at = { run, series, statistics: own.value };
  return { state: "ready", value: series.gates.map((_, gate) => spans.value(at, gate)) };
}

/** The span that all differences share, where they share one; null while none is known. */
export const sharedDifferenceSpan = computed<Span | null>(() => {
  const [any] = measured.value;
  return any ? spans.value(any, 0) : null;
});
