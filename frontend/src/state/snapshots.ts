/** The numbers of what is shown: fetched when they are first needed, and the next steps' ahead. */

import type { Signal } from "@preact/signals";
import type { Series } from "../api/catalog";
import { fetchHeatmap, fetchProfiles } from "../api/snapshots";
import type { Planes } from "../decode/planes";
import type { Profiles } from "../decode/profiles";
import { forgetFailedComparisons } from "./compared";
import { forgetFailedHistograms } from "./histograms";
import { Latest, versionOf } from "./latest";
import { type Loaded, Resource } from "./resource";
import { ofShape } from "./shape";
import { forgetFailedStatistics } from "./statistics";
import { nearestIndex } from "./steps";
import { forgetFailedFindings } from "./thresholds";

const MEBIBYTE = 2 ** 20;
const STEPS_AHEAD = 2;

const heatmaps = new Resource<Planes>(256 * MEBIBYTE);

/** A heatmap, and the step that it is of. */
export interface Heatmap {
  step: number;
  planes: Signal<Loaded<Planes>>;
}

const profiles = new Latest<Profiles>(64 * MEBIBYTE);

/** The profiles of a series, which must have some, with all that was logged by now; read as a signal. */
export function profilesOf(run: string, series: Series): Loaded<Profiles> {
  return profiles.get(nameOf(run, series), versionOf(series), () => fetchProfiles(run, series.tag));
}

/** The heatmap of a series that is nearest to a step; null if it has none. */
export function heatmapNear(run: string, series: Series, step: number): Heatmap | null {
  const index = nearestIndex(series.heatmaps.steps, step);
  return heatmapAt(run, series, index);
}

/** A series of a run, and the step at which it is looked at. */
export interface Looked {
  run: string;
  series: Series;
  step: number;
}

/**
 * Fetches the heatmaps that are looked at, then those next to them, and nothing any more that is far from them.
 *
 * Read as a signal: what comes next has to wait until all that is looked at is there.
 */
export function fetchAround(looked: readonly Looked[]): void {
  heatmaps.abortAllBut(new Set(looked.flatMap(namesAround)));
  if (areLoaded(looked)) {
    for (const { run, series, step } of looked) {
      const middle = nearestIndex(series.heatmaps.steps, step);
      for (let offset = 1; offset <= STEPS_AHEAD; offset += 1) {
        heatmapAt(run, series, middle + offset);
        heatmapAt(run, series, middle - offset);
      }
    }
  }
}

/** Whether no heatmap of what is looked at is on its way any more; asks for them, and is read as a signal. */
export function areLoaded(looked: readonly Looked[]): boolean {
  const all = looked.map(({ run, series, step }) => heatmapNear(run, series, step));
  return all.every((heatmap) => heatmap?.planes.value.state !== "loading");
}

function namesAround({ run, series, step }: Looked): string[] {
  const middle = nearestIndex(series.heatmaps.steps, step);
  const first = middle - STEPS_AHEAD;
  return Array.from({ length: 2 * STEPS_AHEAD + 1 }, (_, offset) =>
    heatmapName(run, series, first + offset),
  ).filter((name) => name !== null);
}

/** Lets all be tried again that was not to be had; tells whether there was any. */
export function forgetFailures(): boolean {
  return [
    heatmaps.forgetFailures(),
    profiles.forgetFailures(),
    forgetFailedHistograms(),
    forgetFailedStatistics(),
    forgetFailedComparisons(),
    forgetFailedFindings(),
  ].includes(true);
}

function nameOf(run: string, { tag }: Series): string {
  return JSON.stringify([run, tag]);
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
