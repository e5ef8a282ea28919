/** The files that hold the numbers of what is on screen. */

import type { Series } from "../../api/catalog";
import { type Export, ofSeries, type SeriesNumbers } from "../../api/export";
import { type Referred, referredBy } from "../../state/reference";
import { stepIn } from "../../state/selection";
import { type ShownSeries, shownOnScreen } from "../../state/shown";
import { nearest } from "../../state/steps";
import { words } from "./words";

/** Of each series on screen that is wanted the same, over all steps. */
export function shownExports(
  what: SeriesNumbers["what"],
  isWanted: (series: Series) => boolean,
): Export[] {
  return shownOnScreen.value.flatMap(({ run, shown }) =>
    shown
      .filter(({ series }) => isWanted(series))
      .map(({ series }) => ofSeries({ label: words(series.matrix), what, run, tag: series.tag })),
  );
}

/** The heatmaps of all runs on screen at the shown step. */
export function shownHeatmaps(): Export[] {
  return shownOnScreen.value.flatMap(({ run, shown }) => heatmapExports(run, shown));
}

/** The heatmaps of some series of a run at the shown step, each with what is taken from it. */
export function heatmapExports(run: string, shown: readonly ShownSeries[]): Export[] {
  return shown.flatMap(({ series }) => {
    const to = referredBy(run, series);
    const label = words(series.matrix);
    return [
      ...heatmapAt({ run, series, step: stepIn(run) ?? 0 }, label),
      ...(to ? heatmapAt(to, `${label}, compared with`) : []),
    ];
  });
}

/** A heatmap at the nearest step at which there is one. */
export function heatmapAt({ run, series, step }: Referred, label: string): Export[] {
  const at = nearest(series.heatmaps.steps, step);
  return at === null ? [] : [ofSeries({ label, what: "heatmap", run, tag: series.tag, step: at })];
}
