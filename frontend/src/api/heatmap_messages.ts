/** What the page and the thread that reads heatmaps say to each other. */

import type { PackedPlanes } from "../decode/planes";

/** To the thread: all that the page has come to want, or not to want, at once. */
export interface Wishes {
  wanted: { id: number; url: string }[];
  /** Those on their way that nobody needs any more. */
  unwanted: number[];
}

/** From the thread: a heatmap, or why there is none. */
export type Reply = { id: number } & ({ packed: PackedPlanes } | { reason: string });
