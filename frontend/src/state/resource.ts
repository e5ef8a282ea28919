/** Something that is fetched once, and kept as long as there is room. */

import { type Signal, signal } from "@preact/signals";
import { LRUCache } from "lru-cache";
import { isAborted, reasonOf } from "../api/answer";

/** A value on its way, there, or not to be had. */
export type Loaded<T> =
  | { state: "loading" }
  | { state: "ready"; value: T }
  | { state: "failed"; reason: string };

/** Something to be fetched: what it is called, and how. */
export interface Fetchable<T> {
  name: string;
  fetch: (signal: AbortSignal) => Promise<T>;
}

interface Entry<T> {
  signal: Signal<Loaded<T>>;
  abort: AbortController;
}

const ASSUMED_BYTES = 1024;

/** Fetched values by name. */
export class Resource<T extends { byteLength: number }> {
  readonly #entries: LRUCache<string, Entry<T>>;
  /** Those of them that are on their way. */
  readonly #loading = new Map<string, Entry<T>>();

  /** @param maxBytes - How much is kept; the values used last stay. */
  constructor(maxBytes: number) {
    this.#entries = new LRUCache<string, Entry<T>>({
      maxSize: maxBytes,
      sizeCalculation: ({ signal }) => {
        const loaded = signal.peek();
        return loaded.state === "ready" ? Math.max(1, loaded.value.byteLength) : ASSUMED_BYTES;
      },
    });
  }

  /** The value of a name, which `fetch` gets if it isn't here. */
  get(name: string, fetch: (signal: AbortSignal) => Promise<T>): Signal<Loaded<T>> {
    const known = this.#entries.get(name);
    if (known) {
      return known.signal;
    }
    const entry: Entry<T> = {
      signal: signal<Loaded<T>>({ state: "loading" }),
      abort: new AbortController(),
    };
    this.#entries.set(name, entry);
    this.#loading.set(name, entry);
    void this.#load(name, entry, fetch);
    return entry.signal;
  }

  /**
   * Forgets what was not to be had, so that it is tried again when it is next asked for.
   *
   * @returns Whether there was any.
   */
  forgetFailures(): boolean {
    const failed = [...this.#entries.entries()].filter(
      ([, entry]) => entry.signal.peek().state === "failed",
    );
    for (const [name] of failed) {
      this.#entries.delete(name);
    }
    return failed.length > 0;
  }

  /**
   * Fetches what is looked at, then what may be next, and nothing any more that is neither.
   *
   * Read as a signal: what may be next has to wait until all that is looked at is there.
   */
  fetchAround(now: readonly Fetchable<T>[], next: readonly Fetchable<T>[]): void {
    this.abortAllBut(new Set([...now, ...next].map(({ name }) => name)));
    if (this.areLoaded(now)) {
      for (const { name, fetch } of next) {
        this.get(name, fetch);
      }
    }
  }

  /** Whether none of them is on its way any more; asks for them, and is read as a signal. */
  areLoaded(all: readonly Fetchable<T>[]): boolean {
    const loaded = all.map(({ name, fetch }) => this.get(name, fetch));
    return loaded.every(({ value }) => value.state !== "loading");
  }

  /** Stops fetching whatever is on its way and none of these names. */
  abortAllBut(names: ReadonlySet<string>): void {
    for (const [name, entry] of this.#loading) {
      if (!names.has(name)) {
        entry.abort.abort();
        this.#loading.delete(name);
        this.#entries.delete(name);
      }
    }
  }

  async #load(
    name: string,
    entry: Entry<T>,
    fetch: (signal: AbortSignal) => Promise<T>,
  ): Promise<void> {
    try {
      const value = await fetch(entry.abort.signal);
      this.#arrived(name, entry);
      entry.signal.value = { state: "ready", value };
      this.#entries.delete(name);
      this.#entries.set(name, entry);
    } catch (error) {
      if (!isAborted(error)) {
        this.#arrived(name, entry);
        const reason = reasonOf(error);
        entry.signal.value = { state: "failed", reason };
      }
    }
  }

  #arrived(name: string, entry: Entry<T>): void {
    // What was stopped may be on its way again under the same name.
    if (this.#loading.get(name) === entry) {
      this.#loading.delete(name);
    }
  }
}
