/** What the pointer is on. */

import { signal } from "@preact/signals";
import type { Series } from "../api/catalog";

/** A cell of a matrix, and where the pointer is on the page. */
export interface PointedCell {
  matrix: string;
  gate: string;
  /** Row and unit of the matrix as trained, from 0. */
  row: number;
  unit: number;
  x: number;
  y: number;
}

export const pointedCell = signal<PointedCell | null>(null);

/** Whether a series, of a run that may have another model, is large enough to have that cell too. */
export function hasCell(series: Series, { row, unit }: Pick<PointedCell, "row" | "unit">): boolean {
  return row < series.rows && unit < series.units;
}
