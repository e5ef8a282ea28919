/** What a person can set about matrices and units in all pictures. */

import { signal } from "@preact/signals";

/** By what units are sorted. */
export type UnitOrder = "unit" | "largest";

export const showBias = signal(true);
export const unitOrder = signal<UnitOrder>("unit");
