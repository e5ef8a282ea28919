/** The histograms on screen, a gate of a matrix each, with all runs that have it, and the axis of each. */

import { computed, type ReadonlySignal } from "@preact/signals";
import type { Histograms } from "../../decode/histograms";
import {
  type AxesScope,
  axesScope,
  binCount,
  histogramHeight,
} from "../../state/histogram_settings";
import { histogramAxis } from "../../state/pictures";
import { measuredOnScreen } from "../../state/shown";
import { axisOf, type Counted, type HistogramAxis } from "./axis";
import { type Ends, NO_ENDS, together } from "./ends";
import { HEIGHTS, roundAbove } from "./heights";
import { reachOf } from "./reach";
import { type SeriesLine, seriesLines } from "./series_lines";
import { siblingEnds } from "./sibling_ends";

/** One run's gate of a matrix. */
export interface CellLine extends SeriesLine {
  /** The gate's place in the series. */
  gate: number;
}

/** A line at the shown step. */
export interface LineNow extends Counted {
  /** Whether there is something to be drawn by now. */
  isThere: boolean;
  /** Whether it is still that of the step before. */
  isLoading: boolean;
  /** The step that it is of: the nearest one at hand. */
  step: number;
  /** How many values are finite. */
  total: number;
  /** How many are exactly zero. */
  zeros: number;
  /** What share of the values is not finite. */
  nonfinite: number;
  /** How high one value is. */
  ofOne: number;
}

/** One histogram. */
export interface GridCell {
  gate: string;
  matrix: string;
  lines: readonly CellLine[];
  axis: HistogramAxis;
  /** Its lines at the shown step, in their order. */
  now: ReadonlySignal<readonly LineNow[]>;
  /** The height at which the vertical axis ends at the shown step: the same for all that share their axes. */
  top: ReadonlySignal<number>;
}

type Found = Pick<GridCell, "gate" | "matrix" | "lines">;

const SCOPE_KEYS: Record<AxesScope, (cell: Found) => string> = {
  free: ({ gate, matrix }) => JSON.stringify([gate, matrix]),
  matrix: ({ matrix }) => matrix,
  layer: () => "",
  directions: () => "",
};

/** The gates, in the order of their rows. */
export const gridGates = computed(() => [
  ...new Set(measuredOnScreen.value.flatMap(({ series }) => series.gates)),
]);

/** All histograms that some run has. */
export const gridCells = computed<GridCell[]>(() => {
  const groups = new Map<string, Found[]>();
  for (const cell of foundCells(seriesLines.value)) {
    const key = SCOPE_KEYS[axesScope.value](cell);
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()].flatMap(withSharedAxes);
});

function foundCells(lines: readonly SeriesLine[]): Found[] {
  const cells = new Map<string, Found & { lines: CellLine[] }>();
  for (const line of lines) {
    const { gates, matrix } = line.series;
    for (const [place, gate] of gates.entries()) {
      const key = JSON.stringify([matrix, gate]);
      const cell = cells.get(key) ?? { gate, matrix, lines: [] };
      cell.lines.push({ ...line, gate: place });
      cells.set(key, cell);
    }
  }
  return [...cells.values()];
}

function withSharedAxes(cells: readonly Found[]): GridCell[] {
  const own = cells
    .flatMap(({ lines }) => lines.map((line) => reachOf(line, line.gate)))
    .reduce(together, NO_ENDS);
  const axis = axisOf(histogramAxis.value, withSiblings(own), binCount.value);
  const moving = cells.map(({ lines }) => computed(() => lines.map((line) => lineNow(line, axis))));
  const top = computed(() =>
    roundAbove(Math.max(0, ...moving.map(({ value }) => highestOf(value)))),
  );
  return cells.map((cell, place) => ({
    ...cell,
    axis,
    now: moving[place] as ReadonlySignal<LineNow[]>,
    top,
  }));
}

function withSiblings(own: Ends): Ends {
  return axesScope.value === "directions" ? together(own, siblingEnds.value) : own;
}

/** What is all zero is one bar, beside which nothing else would be seen. */
function highestOf(lines: readonly LineNow[]): number {
  return Math.max(
    0,
    ...lines.filter((line) => !isAllZero(line)).map(({ highest, ofOne }) => highest * ofOne),
  );
}

/** Whether a block holds nothing but zeros. */
export function isAllZero({ total, zeros }: Pick<LineNow, "total" | "zeros">): boolean {
  return total > 0 && zeros === total;
}

function lineNow({ gate, now }: CellLine, axis: HistogramAxis): LineNow {
  const { histograms, index, isLoading } = now.value;
  const line = histograms ? lineAt(histograms, index, gate, axis) : NOTHING;
  return { ...line, isLoading, isThere: histograms !== null };
}

type LineAt = Omit<LineNow, "isThere" | "isLoading">;

/** Stands for a line while there is none. */
const NOTHING: LineAt = {
  counts: new Float64Array(0),
  highest: 0,
  step: 0,
  total: 0,
  zeros: 0,
  nonfinite: 0,
  ofOne: 0,
};

/** A gate's histogram at the step of that index. */
export function lineAt(
  histograms: Histograms,
  index: number,
  gate: number,
  axis: HistogramAxis,
): LineAt {
  const statistic = (name: string) => histograms.statistic(index, gate, name);
  const all = statistic("count");
  const total =
    all - statistic("nan") - statistic("positive_infinity") - statistic("negative_infinity");
  return {
    ...axis.counted(histograms, index, gate),
    step: histograms.steps[index] ?? 0,
    total,
    zeros: statistic("zero"),
    nonfinite: (all - total) / all,
    ofOne: total > 0 ? HEIGHTS[histogramHeight.value].ofOne(total, axis) : 0,
  };
}
