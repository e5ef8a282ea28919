/** What the pointer is on. */

import { signal } from "@preact/signals";

/** A cell of a matrix, and where the pointer is on the page. */
export interface PointedCell {
  matrix: string;
  gate: number;
  /** Row and unit of the matrix as trained, from 0. */
  row: number;
  unit: number;
  x: number;
  y: number;
}

export const pointedCell = signal<PointedCell | null>(null);
