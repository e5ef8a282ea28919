/** What is read by a thread of its own, since it is large, or comes often. */

import { readHistograms } from "../decode/histograms";
import { readPlanes } from "../decode/planes";
import { answer } from "./answer";

/** THE table of it, by the route that it comes from. */
const READERS = { heatmap: readPlanes, histograms: readHistograms } as const;

/** A route whose answers can be read there. */
export type ReadRoute = keyof typeof READERS;

/** What is read from an answer, as it goes from one thread to another. */
export type Packed<R extends ReadRoute> = ReturnType<(typeof READERS)[R]>;

/**
 * Fetches an address, and reads what comes.
 *
 * @throws {Error} with the server's reason, or why the bytes are not what they should be.
 */
export async function readAnswer<R extends ReadRoute>(
  route: R,
  url: string,
  signal: AbortSignal | undefined,
): Promise<Packed<R>> {
  const response = await answer(url, { signal: signal ?? null });
  return READERS[route](await response.arrayBuffer()) as Packed<R>;
}
