/** The thread that fetches and reads answers, so that the page's own has its time for the screen. */

import { reasonOf } from "./answer";
import { type ReadRoute, readAnswer } from "./readers";
import type { Reply, Wishes } from "./reading_messages";

const onTheirWay = new Map<number, AbortController>();

self.addEventListener("message", ({ data }: MessageEvent<Wishes>) => {
  for (const { id, route, url } of data.wanted) {
    void fulfil(id, route, url);
  }
  // Last, since what the page came to want it may have given up at once.
  for (const id of data.unwanted) {
    onTheirWay.get(id)?.abort();
  }
});

async function fulfil(id: number, route: ReadRoute, url: string): Promise<void> {
  const abort = new AbortController();
  onTheirWay.set(id, abort);
  try {
    const packed = await readAnswer(route, url, abort.signal);
    const arrays = Object.values(packed).filter((value) => ArrayBuffer.isView(value));
    reply(
      { id, packed },
      arrays.map(({ buffer }) => buffer as ArrayBuffer),
    );
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
