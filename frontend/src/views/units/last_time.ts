/** At which time step a cell's final state is. */

import type { Cells } from "../../decode/cells";

/** The time step that the cell came to last and that isn't masked; the first one of a cell that reads from the end. */
export function lastTime(cells: Cells, isReversed: boolean): number {
  const times = Array.from({ length: cells.columns }, (_, time) => time);
  const unmasked = times.filter((time) => !cells.isMasked(0, time));
  return (isReversed ? unmasked[0] : unmasked.at(-1)) ?? 0;
}
