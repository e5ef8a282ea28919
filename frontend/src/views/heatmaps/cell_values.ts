/** What stands in one cell, in every run on screen. */

import type { Series } from "../../api/catalog";
import type { Cells } from "../../decode/cells";
import { planeOf } from "../../state/planes";
import { hasCell, type PointedCell } from "../../state/pointer";
import { referenceHeatmap } from "../../state/reference";
import { kind, stepIn } from "../../state/selection";
import { shownOnScreen } from "../../state/shown";
import { type Heatmap, heatmapNear } from "../../state/snapshots";
import { maskedText } from "../parts/words";

/** The value of a run. */
export interface CellValue {
  run: string;
  color: string;
  series: Series;
  text: string;
  /** How far it is from what it is compared with; null where it is compared with nothing. */
  difference: string | null;
}

type CellName = Pick<PointedCell, "matrix" | "gate" | "row" | "column">;

/** The values of a cell in all runs on screen that have it; read as a signal. */
export function cellValues(cell: CellName): CellValue[] {
  return shownOnScreen.value.flatMap(({ run, color, shown }) => {
    const series = shown.find((one) => one.series.matrix === cell.matrix)?.series;
    const cells = series && cellsAt(series, heatmapNear(run, series, stepIn(run) ?? 0));
    if (!cells || !series.gates.includes(cell.gate) || !hasCell(series, cell)) {
      return [];
    }
    const place = storedPlace(series, cells, cell);
    const other = cellsAt(series, referenceHeatmap(run, series));
    return [
      {
        run,
        color,
        series,
        text: valueIn(cells, ...place),
        difference: other && differenceText(cells, other, ...place),
      },
    ];
  });
}

function cellsAt(series: Series, heatmap: Heatmap | null): Cells | null {
  const loaded = heatmap?.planes.value;
  return loaded?.state === "ready" ? loaded.value.at(planeOf(series)) : null;
}

/** Row and column of a cell among the stored ones. */
export function storedPlace(
  { gates, heatmaps }: Pick<Series, "gates" | "heatmaps">,
  { columns }: Pick<Cells, "columns">,
  cell: Omit<CellName, "matrix">,
): [number, number] {
  const [poolRows, poolColumns] = heatmaps.pool;
  const columnsAGate = columns / gates.length;
  return [
    Math.floor(cell.row / poolRows),
    gates.indexOf(cell.gate) * columnsAGate + Math.floor(cell.column / poolColumns),
  ];
}

function valueIn(cells: Cells, row: number, column: number): string {
  return cells.isMasked(row, column) ? maskedText(kind.value) : exactText(cells, row, column);
}

/** In how many digits values are told at least, so that runs that are nearly alike can be told apart. */
const DIGITS = 5;

/** The number in a cell, in so many digits that it can be found again, and in no fewer than can be compared. */
export function exactText(cells: Cells, row: number, column: number): string {
  const value = cells.at(row, column);
  const shortest = cells.text(row, column);
  const compared = numberText(value);
  return Number.isFinite(value) && compared.length > shortest.length ? compared : shortest;
}

function numberText(value: number): string {
  return String(Number(value.toPrecision(DIGITS))).replaceAll("-", "−");
}

/** A difference with its sign; NaN and infinity of either are told as such. */
export function differenceText(one: Cells, other: Cells, row: number, column: number): string {
  const values = [one.at(row, column), other.at(row, column)] as const;
  if (values.some(Number.isNaN)) {
    return "NaN";
  }
  if (!values.every(Number.isFinite)) {
    return "infinity";
  }
  const difference = values[0] - values[1];
  return difference > 0 ? `+${numberText(difference)}` : numberText(difference);
}
