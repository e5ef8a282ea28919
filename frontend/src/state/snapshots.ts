/** The numbers of what is shown: fetched when they are first needed, and the next steps' ahead. */

import type { Signal } from "@preact/signals";
import { LRUCache } from "lru-cache";
import type { Series } from "../api/catalog";
import { fetchHeatmap, fetchHistograms } from "../api/snapshots";
import type { Cells } from "../decode/cells";
import type { Histograms } from "../decode/histograms";
import { type Loaded, Resource } from "./resource";
import { ofShape } from "./shape";
import { nearestIndex } from "./steps";

const MEBIBYTE = 2 ** 20;
const STEPS_AHEAD = 2;

const histograms = new Resource<Histograms>(128 * MEBIBYTE);
const heatmaps = new Resource<Cells>(256 * MEBIBYTE);

/** A heatmap, and the step that it is of. */
export interface Heatmap {
  step: number;
  cells: Signal<Loaded<Cells>>;
}

/** The last histograms of each series that came, to stay until newer ones do. */
const lastHistograms = new LRUCache<string, Loaded<Histograms>>({ max: 256 });

/** The histograms of a series, with all that was logged by now; read as a signal. */
export function histogramsOf(run: string, series: Series): Loaded<Histograms> {
  const version = [series.last_step, series.heatmaps.wall_times.at(-1)];
  const name = JSON.stringify([run, series.tag]);
  const versioned = JSON.stringify([name, version]);
  const loaded = histograms.get(versioned, () => fetchHistograms(run, series.tag)).value;
  if (loaded.state === "ready") {
    lastHistograms.set(name, loaded);
  }
  return loaded.state === "loading" ? (lastHistograms.get(name) ?? loaded) : loaded;
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
  const failed = [histograms.forgetFailures(), heatmaps.forgetFailures()];
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
  return { step, cells: heatmaps.get(name, fetch) };
}

function heatmapName(run: string, series: Series, index: number): string | null {
  const wallTime = series.heatmaps.wall_times[index];
  return wallTime === undefined
    ? null
    : JSON.stringify([run, series.tag, series.heatmaps.steps[index], wallTime]);
}
