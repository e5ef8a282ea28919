/** The block that the pointer is on. */

import { signal } from "@preact/signals";
import type { GlanceRow } from "../../state/glance";

/** A gate of a matrix, in one run. */
export interface PointedBlock {
  row: GlanceRow;
  run: string;
  gate: string;
}

export const pointedBlock = signal<PointedBlock | null>(null);
