/** The thread that fetches and reads heatmaps, so that the page's own has its time for the screen. */

import { reasonOf } from "./answer";
import { readHeatmap } from "./heatmap_file";
import type { Reply, Wishes } from "./heatmap_messages";

const onTheirWay = new Map<number, AbortController>();

self.addEventListener("message", ({ data }: MessageEvent<Wishes>) => {
  for (const { id, url } of data.wanted) {
    void fulfil(id, url);
  }
  // Last, since what the page came to want it may have given up at once.
  for (const id of data.unwanted) {
    onTheirWay.get(id)?.abort();
  }
});

async function fulfil(id: number, url: string): Promise<void> {
  const abort = new AbortController();
  onTheirWay.set(id, abort);
  try {
    const packed = await readHeatmap(url, abort.signal);
    reply({ id, packed }, [packed.bits.buffer]);
  } catch (error) {
    // The page has forgotten what it no longer wants.
    reply({ id, reason: reasonOf(error) }, []);
  } finally {
    onTheirWay.delete(id);
  }
}

function reply(message: Reply, moved: Transferable[]): void {
  self.postMessage(message, { transfer: moved });
}
