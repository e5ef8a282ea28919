/** The numbers of rows and columns. */

import { ticks } from "d3-array";

/** About so many round whole numbers from `first` to `last`. */
export function wholeTicks(first: number, last: number, count: number): number[] {
  const found = ticks(Math.ceil(first), Math.floor(last), Math.max(1, count));
  return [...new Set(found.map(Math.round))].filter((tick) => tick >= first - 0.5 && tick <= last);
}
