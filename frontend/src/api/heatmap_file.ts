/** One heatmap, fetched and read. */

import { type PackedPlanes, readPlanes } from "../decode/planes";
import { answer } from "./answer";

/**
 * Fetches and reads the heatmap at an address.
 *
 * @throws {Error} with the server's reason, or why the bytes are no heatmap.
 */
export async function readHeatmap(url: string, signal: AbortSignal): Promise<PackedPlanes> {
  const response = await answer(url, signal);
  return readPlanes(await response.arrayBuffer());
}
