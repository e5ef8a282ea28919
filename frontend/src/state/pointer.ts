/** What the pointer is on. */

import { signal } from "@preact/signals";
import type { Series } from "../api/catalog";
import { WHOLE } from "./columns";

/** A cell of a matrix, and where the pointer is on the page. */
export interface PointedCell {
  matrix: string;
  gate: string;
  /** Row and unit of the matrix as trained, from 0. */
  row: number;
  unit: number;
  /** How many units its gate has. */
  units: number;
  x: number;
  y: number;
}

export const pointedCell = signal<PointedCell | null>(null);

/** Whether a series, of a run that may have another model, is large enough to have that cell too. */
export function hasCell(series: Series, { row, unit }: Pick<PointedCell, "row" | "unit">): boolean {
  return row < series.rows && unit < series.units;
}

/**
 * Whether the unit of a cell is one of a series, too.
 *
 * The columns of a matrix that is not divided by gates are numbered for themselves: a projection's are other units
 * than the cell's.
 */
export function hasUnit(
  { matrix, gates, units }: Series,
  pointed: Pick<PointedCell, "matrix" | "gate" | "unit" | "units">,
): boolean {
  const isWhole = gates[0] === WHOLE;
  const areAlike = isWhole
    ? pointed.gate === WHOLE && pointed.units === units
    : pointed.gate !== WHOLE;
  return (matrix === pointed.matrix || areAlike) && pointed.unit < units;
}
