/** Histograms of a series: never all of a long one, since a screen shows few of them, and each is large. */

import type { Signal } from "@preact/signals";
import type { Series } from "../api/catalog";
import { fetchHistograms } from "../api/snapshots";
import type { Histograms } from "../decode/histograms";
import { Latest, versionOf } from "./latest";
import { type Fetchable, type Loaded, Resource } from "./resource";
import { partAround, type StepPart } from "./step_parts";
import { nearestIndex } from "./steps";

const MEBIBYTE = 2 ** 20;

/** How many steps are fetched together: so many go by in less than a second. */
const PART = 8;
/** The part that is looked at comes first, then these. */
const OTHERS = [1, -1] as const;

const parts = new Resource<Histograms>(96 * MEBIBYTE);
const overviews = new Latest<Histograms>(64 * MEBIBYTE);

/** A series of a run, and all steps at which it was logged. */
export interface LoggedSeries {
  run: string;
  series: Series;
  steps: ArrayLike<number>;
}

/** A series, and the step at which it is looked at. */
export interface LookedSeries extends LoggedSeries {
  step: number;
}

/** The histograms of a series at the steps next to one; null if it has none. */
export function histogramsNear(looked: LookedSeries): Signal<Loaded<Histograms>> | null {
  const found = fetchable(looked, 0);
  return found && parts.get(found.name, found.fetch);
}

/** Fetches what is looked at, then the parts after and before it; see `Resource.fetchAround`. */
export function fetchHistogramsAround(all: readonly LookedSeries[]): void {
  parts.fetchAround(partsOf(all, [0]), partsOf(all, OTHERS));
}

function partsOf(
  all: readonly LookedSeries[],
  offsets: readonly number[],
): Fetchable<Histograms>[] {
  return all.flatMap((looked) => offsets.flatMap((offset) => fetchable(looked, offset) ?? []));
}

/**
 * The histograms of a series at steps at equal distances; read as a signal.
 *
 * @param most - How many steps at most.
 * @param part - Of which steps; null for all.
 */
export function histogramsOver(
  run: string,
  series: Series,
  most: number,
  part: StepPart | null,
): Loaded<Histograms> {
  const name = JSON.stringify([run, series.tag, most, part]);
  return overviews.get(name, versionOf(series), () =>
    fetchHistograms(run, series.tag, { part, most }),
  );
}

function fetchable(
  { run, series, steps, step }: LookedSeries,
  offset: number,
): Fetchable<Histograms> | null {
  const part = partAround(steps, step, PART, offset);
  return (
    part && {
      name: JSON.stringify([run, series.tag, part, trainingAt(series, part)]),
      fetch: (signal) => fetchHistograms(run, series.tag, { part, most: null }, signal),
    }
  );
}

/** What tells a part from one of an earlier training in the same place: when what is next to it was logged. */
function trainingAt({ heatmaps }: Series, [, last]: StepPart): number | undefined {
  return heatmaps.wall_times[nearestIndex(heatmaps.steps, last)];
}

/** Lets all be tried again that was not to be had; tells whether there was any. */
export function forgetFailedHistograms(): boolean {
  return [parts, overviews].map((kept) => kept.forgetFailures()).includes(true);
}
