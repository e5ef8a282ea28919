/** What the page and the thread that reads answers say to each other. */

import type { Packed, ReadRoute } from "./readers";

/** To the thread: all that the page has come to want, or not to want, at once. */
export interface Wishes {
  wanted: { id: number; route: ReadRoute; url: string }[];
  /** Those on their way that nobody needs any more. */
  unwanted: number[];
}

/** From the thread: what was read, or why there is nothing. */
export type Reply = { id: number } & ({ packed: Packed<ReadRoute> } | { reason: string });
