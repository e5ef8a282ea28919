/** Where the ridges of a series stand: the oldest step at the top and behind, the newest one below and in front. */

import { quantile } from "d3-array";

/** How many ridges there are at most: more run into each other. */
export const MOST_RIDGES = 30;

/** The baselines of the first and the last one, and how high they are as a rule, in pixels. */
export const RIDGES = { first: 46, last: 184, height: 30 };

/** The baseline of the step of that index, of so many; the step need not have a ridge. */
export function baseline(index: number, count: number): number {
  return count < 2
    ? RIDGES.last
    : RIDGES.first + ((RIDGES.last - RIDGES.first) * index) / (count - 1);
}

/** The place among some baselines of the one that is nearest to a height; null if there is none. */
export function ridgeAt(y: number, baselines: readonly number[]): number | null {
  const distances = baselines.map((own) => Math.abs(own - y));
  const place = distances.indexOf(Math.min(...distances));
  return place < 0 ? null : place;
}

const USUAL_SHARE = 0.9;
/** So many times as high as they are as a rule a ridge is at most. */
const HIGHEST = 1.5;

/**
 * How high ridges are drawn, in pixels.
 *
 * The highest few have no say in it: a bias that begins as a constant would leave all others flat.
 *
 * @param peaks - The highest bin of each.
 */
export function ridgeScale(peaks: readonly number[]): { scale: number; most: number } {
  const usual = quantile(
    peaks.filter((peak) => peak > 0),
    USUAL_SHARE,
  );
  return { scale: RIDGES.height / (usual ?? 1), most: RIDGES.height * HIGHEST };
}
