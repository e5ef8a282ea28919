/** From histograms over their steps to the lines of a timeline. */

import type { Shown } from "../../state/spans";
import type { TimelineLine } from "./timeline";

/** The values of one statistic of one gate, a line for each series that has the gate and the statistic. */
export function timelineLines(
  loaded: readonly (Shown & { color: string })[],
  gate: string,
  statistic: string,
): TimelineLine[] {
  return loaded
    .filter(
      ({ series, histograms }) =>
        series.gates.includes(gate) && histograms.names.includes(statistic),
    )
    .map(({ run, color, series, histograms }) => {
      const place = series.gates.indexOf(gate);
      const points = Array.from(histograms.steps, (step, index) => ({
        step,
        value: histograms.statistic(index, place, statistic),
        isFinite:
          histograms.statistic(index, place, "nan") +
            histograms.statistic(index, place, "positive_infinity") +
            histograms.statistic(index, place, "negative_infinity") ===
          0,
      }));
      // Dear measures are not taken at each step: the line goes on over those that lack it.
      const taken = points.filter((point) => !(point.isFinite && Number.isNaN(point.value)));
      return { run, color, points: taken };
    });
}

/** The statistics that some series have, those that every series has first. */
export function statisticsOf(loaded: readonly Pick<Shown, "histograms">[]): string[] {
  return [...new Set(loaded.flatMap(({ histograms }) => histograms.names))];
}
