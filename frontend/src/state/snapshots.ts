/** The numbers of what is shown: fetched when they are first needed, and the next steps' ahead. */

import type { Signal } from "@preact/signals";
import { sum } from "d3-array";
import type { Series } from "../api/catalog";
import { fetchHeatmap, fetchProfiles } from "../api/snapshots";
import type { Planes } from "../decode/planes";
import type { Profiles } from "../decode/profiles";
import { Latest, versionOf } from "./latest";
import { type Fetchable, type Loaded, Resource } from "./resource";
import { ofShape } from "./shape";
import { nearestIndex } from "./steps";

const MEBIBYTE = 2 ** 20;
const MOST_KEPT = 256 * MEBIBYTE;
/** Less than all, so that what comes next never drives out what is looked at. */
const MOST_AHEAD = MOST_KEPT / 2;
const BYTES_A_CELL = 2;
const heatmaps = new Resource<Planes>(MOST_KEPT);

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
  const found = fetchable(run, series, index);
  const logged = series.heatmaps.steps[index];
  return found && logged !== undefined
    ? { step: logged, planes: heatmaps.get(found.name, found.fetch) }
    : null;
}

/** A series of a run, and the step at which it is looked at. */
export interface Looked {
  run: string;
  series: Series;
  step: number;
}

/**
 * Fetches the heatmaps that are looked at, then what may be looked at next; see `Resource.fetchAround`.
 *
 * @param ahead - Which those are, counted in logged steps from what is looked at, the first ones first.
 */
export function fetchAround(looked: readonly Looked[], ahead: readonly number[]): void {
  heatmaps.fetchAround(
    heatmapsAt(looked, 0),
    fittingAhead(looked, ahead).flatMap((offset) => heatmapsAt(looked, offset)),
  );
}

/** The first ones of some steps ahead whose heatmaps can be kept beside what is looked at; at least one. */
export function fittingAhead(looked: readonly Looked[], ahead: readonly number[]): number[] {
  const bytes = sum(looked, ({ series }) => bytesOf(series));
  return ahead.slice(0, Math.max(1, Math.floor(MOST_AHEAD / Math.max(1, bytes))));
}

/** What a heatmap of a series takes, about. */
function bytesOf({ rows, columns, gates, planes, heatmaps: { pool } }: Series): number {
  const [down, across] = pool;
  const cells = (rows * columns * gates.length) / (down * across);
  return BYTES_A_CELL * cells * Math.max(1, planes.length);
}

/** Whether no heatmap of what is looked at is on its way any more; asks for them, and is read as a signal. */
export function areLoaded(looked: readonly Looked[]): boolean {
  return heatmaps.areLoaded(heatmapsAt(looked, 0));
}

/** Those that are so many logged steps after what is looked at. */
function heatmapsAt(looked: readonly Looked[], offset: number): Fetchable<Planes>[] {
  return looked.flatMap(
    ({ run, series, step }) =>
      fetchable(run, series, nearestIndex(series.heatmaps.steps, step) + offset) ?? [],
  );
}

function nameOf(run: string, { tag }: Series): string {
  return JSON.stringify([run, tag]);
}

function fetchable(run: string, series: Series, index: number): Fetchable<Planes> | null {
  const step = series.heatmaps.steps[index];
  const wallTime = series.heatmaps.wall_times[index];
  if (step === undefined || wallTime === undefined) {
    return null;
  }
  return {
    // Quickly, since many are named at each step; a run is a directory, whose name can't have a NUL.
    name: `${step} ${wallTime} ${series.tag}\0${run}`,
    fetch: async (signal) =>
      ofShape(series, await fetchHeatmap({ run, tag: series.tag, step, wallTime }, signal)),
  };
}

/** Lets all heatmaps and profiles be tried again that were not to be had; tells whether there were any. */
export function forgetFailedSnapshots(): boolean {
  return [heatmaps, profiles].map((kept) => kept.forgetFailures()).includes(true);
}
