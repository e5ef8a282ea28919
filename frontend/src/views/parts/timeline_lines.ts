/** From statistics over their steps to the lines of a timeline. */

import type { Colored } from "../../state/shown";
import type { Measured } from "../../state/spans";
import type { NonfiniteMark } from "./nonfinite_marks";
import { nonfiniteAt, timelineStatistic } from "./timeline_statistics";

/** A statistic at one step. */
export interface TimelinePoint {
  step: number;
  /** Not finite where there is no number. */
  value: number;
  /** The lower end of a band; the same as `value` where there is none. */
  low: number;
  mark: NonfiniteMark | null;
}

/** One run's values. */
export interface TimelineLine {
  run: string;
  color: string;
  points: TimelinePoint[];
}

/** The values of one statistic of one gate, a line for each series that has the gate and the statistic. */
export function timelineLines(
  loaded: readonly Colored<Measured>[],
  gate: string,
  statistic: string,
): TimelineLine[] {
  const { needs } = timelineStatistic(statistic);
  return loaded
    .filter(
      ({ series, statistics }) =>
        series.gates.includes(gate) && needs.every((name) => statistics.names.includes(name)),
    )
    .map((measured) => timelineLine(measured, gate, statistic));
}

function timelineLine(
  { run, color, series, statistics }: Colored<Measured>,
  gate: string,
  statistic: string,
): TimelineLine {
  const place = series.gates.indexOf(gate);
  const { value: read, low: readLow = read } = timelineStatistic(statistic);
  const points = Array.from(statistics.steps, (step, index) => {
    const value = read(statistics, index, place);
    const low = readLow(statistics, index, place);
    return { step, value, low, mark: nonfiniteAt(statistics, index, place) ?? overflowOf(value) };
  });
  // Dear measures are not taken at each step: the line goes on over those that lack it.
  return { run, color, points: points.filter(({ value, mark }) => !Number.isNaN(value) || mark) };
}

/** Finite values may have a norm that is too large for a number. */
function overflowOf(value: number): NonfiniteMark | null {
  return Math.abs(value) === Number.POSITIVE_INFINITY ? "infinity" : null;
}

/** All values that a vertical axis has to reach. */
export function valuesOf(lines: readonly TimelineLine[]): number[] {
  return lines.flatMap(({ points }) =>
    points.flatMap(({ value, low }) => (value === low ? [value] : [low, value])),
  );
}

/** The statistics that some series have, those that every series has first. */
export function statisticsOf(loaded: readonly Pick<Measured, "statistics">[]): string[] {
  return [...new Set(loaded.flatMap(({ statistics }) => statistics.names))];
}
