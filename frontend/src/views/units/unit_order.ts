/** In which order units are shown, and which of them at once. */

import type { Cells } from "../../decode/cells";
import type { UnitOrder } from "../../state/unit_settings";

/** How many units are shown at once. */
export const PAGE = 24;

/** The largest magnitude of each row of some matrices; what is no finite number doesn't count. */
export function largestByRow(planes: readonly Cells[]): Float64Array {
  const largest = new Float64Array(planes[0]?.rows ?? 0);
  for (const cells of planes) {
    for (let row = 0; row < largest.length; row += 1) {
      for (const value of cells.row(row)) {
        const magnitude = Math.abs(value);
        if (magnitude > (largest[row] as number) && magnitude < Number.POSITIVE_INFINITY) {
          largest[row] = magnitude;
        }
      }
    }
  }
  return largest;
}

/** The rows of some matrices of the same units in an order. */
export function orderedRows(planes: readonly Cells[], order: UnitOrder): number[] {
  const rows = Array.from({ length: planes[0]?.rows ?? 0 }, (_, row) => row);
  if (order === "unit") {
    return rows;
  }
  const largest = largestByRow(planes);
  return rows.sort((one, other) => (largest[other] as number) - (largest[one] as number));
}

/** How many pages so many units fill; at least one. */
export function pageCount(units: number): number {
  return Math.max(1, Math.ceil(units / PAGE));
}
