/** Histograms of many steps at once: of as many as there is room for. */

import { computed } from "@preact/signals";
import type { Histograms } from "../../decode/histograms";
import { histogramsOver } from "../../state/histograms";
import type { Loaded } from "../../state/resource";
import type { Measured } from "../../state/spans";
import { withNeighbours } from "../../state/step_parts";
import { timelineRange } from "../../state/timeline_settings";
import { MOST_RIDGES } from "./ridge_layout";
import { type LoadedLine, type SeriesLine, seriesLines } from "./series_lines";

/** More steps can't be told apart in a picture that is a third of the window wide. */
const MOST_OF_BANDS = 120;

/** The histograms of which ridges are drawn; read as a signal. */
export function ridgesOf({ run, series }: Measured): Loaded<Histograms> {
  return histogramsOver(run, series, MOST_RIDGES, null);
}

/** The histograms of which bands are drawn: of all steps, or more closely of those that were zoomed into. */
export function bandsOf({ run, series, statistics }: Measured): Loaded<Histograms> {
  const all = histogramsOver(run, series, MOST_OF_BANDS, null);
  const range = timelineRange.value;
  const isThinned = all.state === "ready" && all.value.steps.length < statistics.allSteps.length;
  if (range === null || !isThinned) {
    return all;
  }
  const part = withNeighbours(statistics.allSteps, range);
  const closer = histogramsOver(run, series, MOST_OF_BANDS, part);
  // Until it is there, fewer steps are better than none.
  return closer.state === "ready" ? closer : all;
}

/** All series on screen whose bands can be drawn. */
export const bandSources = computed(() => sourcesOf(() => true, bandsOf));

/** What is there of some series on screen; read as a signal. */
export function sourcesOf(
  isWanted: (line: SeriesLine) => boolean,
  load: (line: SeriesLine) => Loaded<Histograms>,
): LoadedLine[] {
  const wanted = seriesLines.value.filter((line) => line.comparedStep === null && isWanted(line));
  return wanted.flatMap((line) => {
    const loaded = load(line);
    return loaded.state === "ready" ? [{ line, histograms: loaded.value }] : [];
  });
}
