/** Answers read by a thread of their own; by the page's where the browser lets us have none. */

import { type Packed, type ReadRoute, readAnswer } from "./readers";
import type { Reply, Wishes } from "./reading_messages";
import { type Parameters, routeUrl, staticUrl } from "./urls";

type AnyPacked = Packed<ReadRoute>;

interface Waiting {
  route: ReadRoute;
  url: string;
  signal: AbortSignal | undefined;
  resolve: (packed: AnyPacked | Promise<AnyPacked>) => void;
  reject: (error: Error) => void;
}

const waiting = new Map<number, Waiting>();
/** Sent together, since each message costs the page some time. */
let wishes: Wishes | null = null;
let lastId = 0;
let thread = startThread();

/**
 * Fetches an answer, and reads it.
 *
 * @throws {DOMException} named `AbortError` once the signal says that nobody needs it any more.
 */
export function fetchPacked<R extends ReadRoute>(
  route: R,
  parameters: Parameters,
  signal?: AbortSignal,
): Promise<Packed<R>> {
  const url = routeUrl(route, parameters);
  if (!thread) {
    return readAnswer(route, url, signal);
  }
  lastId += 1;
  const id = lastId;
  return new Promise<AnyPacked>((resolve, reject) => {
    waiting.set(id, { route, url, signal, resolve, reject });
    gathered().wanted.push({ id, route, url });
    signal?.addEventListener("abort", () => forget(id), { once: true });
  }) as Promise<Packed<R>>;
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
    const started = new Worker(staticUrl("reading_worker.js"), { type: "module" });
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
  for (const [id, { route, url, signal, resolve }] of waiting) {
    waiting.delete(id);
    resolve(readAnswer(route, url, signal));
  }
}
