/** What the pointer is on. */

import { computed, signal } from "@preact/signals";
import type { Series } from "../api/catalog";
import { WHOLE } from "./columns";
import { kind } from "./selection";

/** A cell of a matrix, and where the pointer is on the page. */
export interface PointedCell {
  matrix: string;
  gate: string;
  /** Row, and column of the gate, of the matrix as trained, from 0. */
  row: number;
  column: number;
  /** How many columns its gate has. */
  columns: number;
  x: number;
  y: number;
}

export const pointedCell = signal<PointedCell | null>(null);

/** The unit that the pointer is on in a picture that has no cells. */
export const pointedUnit = signal<number | null>(null);

/** The unit that is marked in all pictures, wherever the pointer is on it; null while it is on none. */
export const markedUnit = computed<number | null>(() => {
  const cell = pointedCell.value;
  if (!cell) {
    return pointedUnit.value;
  }
  if (kind.value.rows === "unit") {
    return cell.row;
  }
  return kind.value.columns === "unit" ? cell.column : null;
});

/** Whether a series, of a run that may have another model, is large enough to have that cell too. */
export function hasCell(
  series: Series,
  { row, column }: Pick<PointedCell, "row" | "column">,
): boolean {
  return row < series.rows && column < series.columns;
}

/**
 * Whether the column of a cell is one of a series, too.
 *
 * The columns of a matrix that is not divided by gates are numbered for themselves: a projection's are other units
 * than the cell's.
 */
export function hasColumn(
  { matrix, gates, columns }: Series,
  pointed: Pick<PointedCell, "matrix" | "gate" | "column" | "columns">,
): boolean {
  const isWhole = gates[0] === WHOLE;
  const areAlike = isWhole
    ? pointed.gate === WHOLE && pointed.columns === columns
    : pointed.gate !== WHOLE;
  return (matrix === pointed.matrix || areAlike) && pointed.column < columns;
}
