/** Where cells of a heatmap are on screen, and which cell is where. */

import type { Series } from "../../api/catalog";
import type { Cells } from "../../decode/cells";
import type { PointedCell } from "../../state/pointer";
import { type Order, placesIn } from "../../state/unit_order";
import type { Zoom } from "../../state/zoom";

/** A part of a matrix, in cells. */
export interface Part {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A matrix as it stands on screen. */
export interface Laid {
  series: Series;
  cells: Cells;
  order: Order;
}

/** A place in a picture, in cells as they stand there. */
export interface CellPlace {
  row: number;
  /** Of all gates side by side. */
  column: number;
}

/** The part of a matrix that is seen. */
export function shownPart(
  { rows, columns }: Pick<Cells, "rows" | "columns">,
  { scale, x, y }: Zoom,
): Part {
  // A bias has only one row: it is zoomed along its columns alone.
  const down = rows > 1 ? { top: y * rows, height: rows / scale } : { top: 0, height: rows };
  return { left: x * columns, width: columns / scale, ...down };
}

/** What stands in a place of a picture; null if it is outside. */
export function cellIn(
  { series, cells, order }: Laid,
  { row, column }: CellPlace,
): Omit<PointedCell, "x" | "y"> | null {
  if (column < 0 || column >= cells.columns || row < 0 || row >= cells.rows) {
    return null;
  }
  const columnsAGate = cells.columns / series.gates.length;
  const [poolRows, poolColumns] = series.heatmaps.pool;
  const inGate = column % columnsAGate;
  return {
    matrix: series.matrix,
    gate: series.gates[Math.floor(column / columnsAGate)] ?? "",
    row: (order.rows?.[row] ?? row) * poolRows,
    column: (order.columns?.[inGate] ?? inGate) * poolColumns,
    columns: series.columns,
  };
}

/** The place of a gate's column, counted as it was trained, among those of its gate. */
export function placeOfColumn(
  { series, order }: Pick<Laid, "series" | "order">,
  column: number,
): number {
  const stored = Math.floor(column / series.heatmaps.pool[1]);
  return order.columns ? (placesIn(order.columns)[stored] ?? stored) : stored;
}

/** The place of a row, counted as it was trained. */
export function placeOfRow({ series, order }: Pick<Laid, "series" | "order">, row: number): number {
  const stored = Math.floor(row / series.heatmaps.pool[0]);
  return order.rows ? (placesIn(order.rows)[stored] ?? stored) : stored;
}

/** Where a cell stands in a picture. */
export function placeOfCell(
  laid: Laid,
  cell: Pick<PointedCell, "gate" | "row" | "column">,
): CellPlace {
  const columnsAGate = laid.cells.columns / laid.series.gates.length;
  const gate = Math.max(0, laid.series.gates.indexOf(cell.gate));
  return {
    row: placeOfRow(laid, cell.row),
    column: gate * columnsAGate + placeOfColumn(laid, cell.column),
  };
}
