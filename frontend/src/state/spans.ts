/** The magnitudes between which colours run, for each gate of each matrix of each run. */

import { quantile } from "d3-array";
import type { Series } from "../api/catalog";
import type { Statistics } from "../decode/statistics";
import type { Span } from "../paint/span";
import {
  type ColorRange,
  type ColorScope,
  colorRange,
  colorScope,
  colorSteps,
  manualLimit,
} from "./color_settings";
import { kind, stepIn } from "./selection";
import { nearestIndex } from "./steps";

/** A series with its statistics, of one run. */
export interface Measured {
  run: string;
  series: Series;
  statistics: Statistics;
}

type Chosen = Exclude<ColorScope, "automatic">;

const SCOPE_KEYS: Record<Chosen, (measured: Measured, gate: number) => string> = {
  gate: ({ run, series }, gate) => JSON.stringify([run, series.matrix, gate]),
  matrix: ({ series }) => series.matrix,
  layer: ({ run }) => run,
  runs: () => "",
};

/** Which statistics tell where the colours end. */
const ENDS: Record<Exclude<ColorRange, "manual">, readonly string[]> = {
  robust: ["robust_magnitude"],
  full: ["minimum", "maximum"],
};

const MOST_DECADES = 8;

/** How many times larger than that of half of the runs a run's magnitude is where it has diverged. */
const FAR_OFF = 100;
/** Below the middle of two, so that the smaller of two runs counts. */
const MIDDLE = 0.4;

/** What shares one range of colours, whether it was chosen or not. */
export function scopeOfColors(): Chosen {
  // A bias of ones would leave a kernel grey, and the same matrix of two runs has to be comparable.
  return colorScope.value === "automatic" ? "matrix" : colorScope.value;
}

/** Whether colours are those of the shown step alone, not of all steps. */
export function areOfOneStep(): boolean {
  // What explodes at one step would leave all others grey.
  return colorSteps.value === "automatic" ? kind.value.spans_decades : colorSteps.value === "one";
}

/**
 * The spans of all that is shown: neither NaN nor, unless it is wanted, a few outliers have a say in them.
 *
 * @returns A function that gives a gate's span; neither end is ever 0.
 */
export function colorSpans(all: readonly Measured[]): (measured: Measured, gate: number) => Span {
  const range = colorRange.value;
  if (range === "manual") {
    const high = manualLimit.value;
    return () => ({ low: logFloor(high, 0), high });
  }
  const key = SCOPE_KEYS[scopeOfColors()];
  const byRun = new Map<string, Map<string, Reach>>();
  for (const measured of all) {
    for (const [gate, reach] of reachesOf(measured, ENDS[range]).entries()) {
      const name = key(measured, gate);
      const runs = byRun.get(name) ?? new Map<string, Reach>();
      byRun.set(name, runs.set(measured.run, widest(runs.get(measured.run), reach)));
    }
  }
  const reaches = new Map([...byRun].map(([name, runs]) => [name, ofMostRuns([...runs.values()])]));
  return (measured, gate) => {
    const { small, large } = reaches.get(key(measured, gate)) ?? NONE;
    const high = large || 1;
    return { low: logFloor(high, small), high };
  };
}

/** Between what magnitudes a gate's numbers are. */
interface Reach {
  /** A magnitude that few are below; infinite where nothing is above zero. */
  small: number;
  large: number;
}

const NONE: Reach = { small: Number.POSITIVE_INFINITY, large: 0 };

function widest(one: Reach = NONE, other: Reach): Reach {
  return { small: Math.min(one.small, other.small), large: Math.max(one.large, other.large) };
}

/** The reach of all runs but those that are so far off that they would leave all others grey. */
function ofMostRuns(all: readonly Reach[]): Reach {
  const middle = quantile(
    all.map(({ large }) => large).filter((large) => large > 0),
    MIDDLE,
  );
  const most = all.filter(({ large }) => middle === undefined || large <= middle * FAR_OFF);
  return most.reduce(widest, NONE);
}

/** The reaches of a series' gates, over all steps or at the shown one. */
function reachesOf(measured: Measured, ends: readonly string[]): Reach[] {
  const { statistics } = measured;
  if (areOfOneStep()) {
    const index = nearestIndex(statistics.steps, stepIn(measured.run) ?? 0);
    return measured.series.gates.map((_, gate) => reachAt(statistics, index, gate, ends));
  }
  const name = ends.join();
  const known = ofAllSteps.get(statistics)?.get(name);
  if (known) {
    return known;
  }
  const found = measured.series.gates.map((_, gate) =>
    Array.from(statistics.steps, (_, index) => reachAt(statistics, index, gate, ends)).reduce(
      widest,
      NONE,
    ),
  );
  ofAllSteps.set(statistics, (ofAllSteps.get(statistics) ?? new Map()).set(name, found));
  return found;
}

/** The reaches over all steps: found once, since going from step to step doesn't change them. */
const ofAllSteps = new WeakMap<Statistics, Map<string, Reach[]>>();

function reachAt(
  statistics: Statistics,
  index: number,
  gate: number,
  ends: readonly string[],
): Reach {
  const magnitudes = ends
    .map((name) => Math.abs(statistics.statistic(index, gate, name)))
    .filter(Number.isFinite);
  const small = statistics.statistic(index, gate, "small_magnitude");
  return {
    small: small > 0 ? small : Number.POSITIVE_INFINITY,
    large: Math.max(0, ...magnitudes),
  };
}

/**
 * Where logarithmic colours begin: the decade of what is small, at least one below the end, and not too many.
 *
 * @param high - The magnitude at the end of the colours.
 * @param small - A magnitude that few are below; 0 if none is known.
 */
export function logFloor(high: number, small: number): number {
  const end = Math.log10(high);
  const wanted = small > 0 ? Math.log10(small) : Number.NEGATIVE_INFINITY;
  const last = Math.ceil(end - 1e-9);
  return 10 ** Math.floor(Math.min(last - 1, Math.max(last - MOST_DECADES, wanted)));
}
