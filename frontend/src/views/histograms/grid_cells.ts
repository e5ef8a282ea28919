/** The histograms on screen, a gate of a matrix each, with all runs that have it, and the axis of each. */

import { computed, type ReadonlySignal } from "@preact/signals";
import type { Series } from "../../api/catalog";
import type { Histograms } from "../../decode/histograms";
import {
  type AxesScope,
  axesScope,
  binCount,
  histogramHeight,
} from "../../state/histogram_settings";
import { histogramAxis } from "../../state/pictures";
import { stepIn } from "../../state/selection";
import { type Colored, loadedOnScreen, type Shown } from "../../state/shown";
import { nearestIndex } from "../../state/steps";
import { type Counted, HistogramAxis } from "./axis";
import { type Ends, endsOf, NO_ENDS, together } from "./ends";
import { HEIGHTS, roundAbove } from "./heights";
import { siblingEnds } from "./sibling_ends";

/** One run's gate of a matrix. */
export interface CellLine {
  run: string;
  color: string;
  series: Series;
  histograms: Histograms;
  /** The gate's place in the series. */
  gate: number;
}

/** A line at the shown step. */
export interface LineNow extends Counted {
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
  ...new Set(loadedOnScreen.value.flatMap(({ series }) => series.gates)),
]);

/** All histograms for which some run has values. */
export const gridCells = computed<GridCell[]>(() => {
  const groups = new Map<string, Found[]>();
  for (const cell of foundCells(loadedOnScreen.value)) {
    const key = SCOPE_KEYS[axesScope.value](cell);
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()].flatMap(withSharedAxes);
});

function foundCells(loaded: readonly Colored<Shown>[]): Found[] {
  const cells = new Map<string, Found & { lines: CellLine[] }>();
  for (const { run, color, series, histograms } of loaded) {
    for (const [place, gate] of series.gates.entries()) {
      const key = JSON.stringify([series.matrix, gate]);
      const cell = cells.get(key) ?? { gate, matrix: series.matrix, lines: [] };
      cell.lines.push({ run, color, series, histograms, gate: place });
      cells.set(key, cell);
    }
  }
  return [...cells.values()];
}

function withSharedAxes(cells: readonly Found[]): GridCell[] {
  const own = cells
    .flatMap(({ lines }) => lines.map(({ histograms, gate }) => endsOf(histograms, gate)))
    .reduce(together, NO_ENDS);
  const axis = new HistogramAxis(histogramAxis.value, withSiblings(own), binCount.value);
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

function lineNow({ run, histograms, gate }: CellLine, axis: HistogramAxis): LineNow {
  const index = nearestIndex(histograms.steps, stepIn(run) ?? 0);
  return lineAt(histograms, index, gate, axis);
}

/** A gate's histogram at the step of that index. */
export function lineAt(
  histograms: Histograms,
  index: number,
  gate: number,
  axis: HistogramAxis,
): LineNow {
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
