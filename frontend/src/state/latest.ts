/** What changes as more is logged: fetched again then, and what was there before stays until the answer is there. */

import { LRUCache } from "lru-cache";
import type { Series } from "../api/catalog";
import { type Loaded, Resource } from "./resource";

/** Fetched values by name, of which only the newest version counts. */
export class Latest<T extends { byteLength: number }> {
  readonly #fetched: Resource<T>;
  /** The last value of each name that came, to stay until a newer one does. */
  readonly #last = new LRUCache<string, Loaded<T>>({ max: 256 });

  /** @param maxBytes - How much is kept; the values used last stay. */
  constructor(maxBytes: number) {
    this.#fetched = new Resource<T>(maxBytes);
  }

  /** The value of a name, which `fetch` gets if this version of it isn't here; read as a signal. */
  get(name: string, version: string, fetch: () => Promise<T>): Loaded<T> {
    const loaded = this.#fetched.get(JSON.stringify([name, version]), fetch).value;
    if (loaded.state === "ready") {
      this.#last.set(name, loaded);
    }
    return loaded.state === "loading" ? (this.#last.get(name) ?? loaded) : loaded;
  }

  /** Lets all be tried again that was not to be had; tells whether there was any. */
  forgetFailures(): boolean {
    return this.#fetched.forgetFailures();
  }
}

/** What of a series is another one as soon as more was logged. */
export function versionOf({ last_step, heatmaps: { wall_times } }: Series): string {
  return JSON.stringify([last_step, wall_times.at(-1)]);
}
