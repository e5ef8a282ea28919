/** Quantiles of one gate at each step of a series. */

import type { Histograms } from "./histograms";
import { type Looked, quantiles } from "./quantiles";

/** The shares of the quantiles: the smallest number, the quartiles, and the largest one among them. */
export const BAND_SHARES = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1] as const;

/** Kept as long as their histograms are: going from step to step doesn't change them. */
const known = new WeakMap<Histograms, Map<string, number[][]>>();

/**
 * The quantiles of `BAND_SHARES` at each step; NaN where nothing is finite.
 *
 * The middle of a bin may lie past the smallest or the largest number, which are known exactly.
 */
export function quantilesByStep(histograms: Histograms, gate: number, looked: Looked): number[][] {
  const ofThese = known.get(histograms) ?? new Map<string, number[][]>();
  known.set(histograms, ofThese);
  const key = `${gate} ${looked}`;
  const found =
    ofThese.get(key) ??
    Array.from(histograms.steps, (_, index) => quantilesAt(histograms, index, gate, looked));
  ofThese.set(key, found);
  return found;
}

function quantilesAt(
  histograms: Histograms,
  index: number,
  gate: number,
  looked: Looked,
): number[] {
  const found = quantiles(histograms.bins(index, gate), BAND_SHARES, looked);
  const low = histograms.statistic(index, gate, "minimum");
  const high = histograms.statistic(index, gate, "maximum");
  if (looked === "magnitudes") {
    const largest = Math.max(Math.abs(low), Math.abs(high));
    return found.map((value, place) =>
      place === found.length - 1 && !Number.isNaN(value) ? largest : Math.min(value, largest),
    );
  }
  return [low, ...found.slice(1, -1).map((value) => Math.min(high, Math.max(low, value))), high];
}
