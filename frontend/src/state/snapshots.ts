/** The numbers of what is shown: fetched when they are first needed, and the next steps' ahead. */

import type { Signal } from "@preact/signals";
import { LRUCache } from "lru-cache";
import type { Series } from "../api/catalog";
import { fetchHeatmap, fetchHistograms, fetchProfiles } from "../api/snapshots";
import type { Histograms } from "../decode/histograms";
import type { Planes } from "../decode/planes";
import type { Profiles } from "../decode/profiles";
import { type Loaded, Resource } from "./resource";
import { ofShape } from "./shape";
import { nearestIndex } from "./steps";

const MEBIBYTE = 2 ** 20;
const STEPS_AHEAD = 2;

const heatmaps = new Resource<Planes>(256 * MEBIBYTE);

/** A heatmap, and the step that it is of. */
export interface Heatmap {
  step: number;
  planes: Signal<Loaded<Planes>>;
}

/** What a series has of all its steps together: fetched anew when more was logged. */
class WholeSeries<T extends { byteLength: number }> {
  readonly #fetched: Resource<T>;
  readonly #fetch: (run: string, tag: string) => Promise<T>;
  /** The last value of each series that came, to stay until a newer one does. */
  readonly #last = new LRUCache<string, Loaded<T>>({ max: 256 });

  constructor(maxBytes: number, fetch: (run: string, tag: string) => Promise<T>) {
    this.#fetched = new Resource<T>(maxBytes);
    this.#fetch = fetch;
  }

  /** With all that was logged by now; read as a signal. */
  of(run: string, series: Series): Loaded<T> {
    const version = [series.last_step, series.heatmaps.wall_times.at(-1)];
    const name = JSON.stringify([run, series.tag]);
    const versioned = JSON.stringify([name, version]);
    const loaded = this.#fetched.get(versioned, () => this.#fetch(run, series.tag)).value;
    if (loaded.state === "ready") {
      this.#last.set(name, loaded);
    }
    return loaded.state === "loading" ? (this.#last.get(name) ?? loaded) : loaded;
  }

  forgetFailures(): boolean {
    return this.#fetched.forgetFailures();
  }
}

const histograms = new WholeSeries<Histograms>(128 * MEBIBYTE, fetchHistograms);
const profiles = new WholeSeries<Profiles>(64 * MEBIBYTE, fetchProfiles);

/** The histograms of a series, with all that was logged by now; read as a signal. */
export function histogramsOf(run: string, series: Series): Loaded<Histograms> {
  return histograms.of(run, series);
}

/** The profiles of a series, which must have some, with all that was logged by now; read as a signal. */
export function profilesOf(run: string, series: Series): Loaded<Profiles> {
  return profiles.of(run, series);
}

/** The heatmap of a series that is nearest to a step; null if it has none. */
export function heatmapNear(run: string, series: Series, step: number): Heatmap | null {
  const index = nearestIndex(series.heatmaps.steps, step);
  return heatmapAt(run, series, index);
}

/** Fetches the heatmaps next to a step, and nothing any more that is far from it. */
export function fetchAround(shown: readonly (readonly [string, Series])[], step: number): void {
  const wanted = new Set<string>();
  for (const [run, series] of shown) {
    const middle = nearestIndex(series.heatmaps.steps, step);
    for (let offset = -STEPS_AHEAD; offset <= STEPS_AHEAD; offset += 1) {
      const name = heatmapName(run, series, middle + offset);
      if (name) {
        wanted.add(name);
      }
    }
  }
  heatmaps.abortAllBut(wanted);
  for (const [run, series] of shown) {
    const middle = nearestIndex(series.heatmaps.steps, step);
    for (let offset = 1; offset <= STEPS_AHEAD; offset += 1) {
      heatmapAt(run, series, middle + offset);
      heatmapAt(run, series, middle - offset);
    }
  }
}

/** Lets all be tried again that was not to be had; tells whether there was any. */
export function forgetFailures(): boolean {
  const failed = [histograms, profiles, heatmaps].map((kept) => kept.forgetFailures());
  return failed.includes(true);
}

function heatmapAt(run: string, series: Series, index: number): Heatmap | null {
  const name = heatmapName(run, series, index);
  const step = series.heatmaps.steps[index];
  const wallTime = series.heatmaps.wall_times[index];
  if (!name || step === undefined || wallTime === undefined) {
    return null;
  }
  const fetch = async (signal: AbortSignal) =>
    ofShape(series, await fetchHeatmap({ run, tag: series.tag, step, wallTime }, signal));
  return { step, planes: heatmaps.get(name, fetch) };
}

function heatmapName(run: string, series: Series, index: number): string | null {
  const wallTime = series.heatmaps.wall_times[index];
  return wallTime === undefined
    ? null
    : JSON.stringify([run, series.tag, series.heatmaps.steps[index], wallTime]);
}
