/** What a person can set about matrices and units in all pictures. */

import { signal } from "@preact/signals";
import { isBias } from "./biases";

/** By what units are sorted. */
export type UnitOrder = "unit" | "largest";

export const showBias = signal(true);
export const unitOrder = signal<UnitOrder>("unit");

/** Whether a matrix is shown: biases are unless a person wants it otherwise. */
export function isMatrixShown(matrix: string): boolean {
  return showBias.value || !isBias(matrix);
}
