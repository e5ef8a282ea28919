/** Heatmaps from a thread of their own; from the page's where the browser lets us have none. */

import type { PackedPlanes } from "../decode/planes";
import { readHeatmap } from "./heatmap_file";
import type { Reply, Wishes } from "./heatmap_messages";
import { staticUrl } from "./urls";

interface Waiting {
  url: string;
  signal: AbortSignal;
  resolve: (packed: PackedPlanes | Promise<PackedPlanes>) => void;
  reject: (error: Error) => void;
}

const waiting = new Map<number, Waiting>();
/** Sent together, since each message costs the page some time. */
let wishes: Wishes | null = null;
let lastId = 0;
let thread = startThread();

/**
 * Fetches the heatmap at an address.
 *
 * @throws {DOMException} named `AbortError` once the signal says that nobody needs it any more.
 */
export function fetchPacked(url: string, signal: AbortSignal): Promise<PackedPlanes> {
  if (!thread) {
    return readHeatmap(url, signal);
  }
  lastId += 1;
  const id = lastId;
  return new Promise((resolve, reject) => {
    waiting.set(id, { url, signal, resolve, reject });
    gathered().wanted.push({ id, url });
    signal.addEventListener("abort", () => forget(id), { once: true });
  });
}

function forget(id: number): void {
  const given = waiting.get(id);
  if (given) {
    waiting.delete(id);
    gathered().unwanted.push(id);
    given.reject(new DOMException("nobody needs it any more", "AbortError"));
  }
}

function gathered(): Wishes {
  if (!wishes) {
    wishes = { wanted: [], unwanted: [] };
    queueMicrotask(() => {
      thread?.postMessage(wishes);
      wishes = null;
    });
  }
  return wishes;
}

function startThread(): Worker | null {
  try {
    const started = new Worker(staticUrl("heatmap_worker.js"), { type: "module" });
    started.addEventListener("message", ({ data }: MessageEvent<Reply>) => settle(data));
    started.addEventListener("error", goOnWithout);
    return started;
  } catch {
    // Some hosts allow none.
    return null;
  }
}

function settle(reply: Reply): void {
  const given = waiting.get(reply.id);
  waiting.delete(reply.id);
  if ("packed" in reply) {
    given?.resolve(reply.packed);
  } else {
    given?.reject(new Error(reply.reason));
  }
}

/** The thread could not be loaded, or has ended: what it owes is read here. */
function goOnWithout(): void {
  thread = null;
  for (const [id, { url, signal, resolve }] of waiting) {
    waiting.delete(id);
    resolve(readHeatmap(url, signal));
  }
}
