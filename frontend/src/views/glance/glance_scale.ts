/** From a number to how strongly a cell is coloured: between -1 and 1. */

import type { GateValues } from "./series_values";

/** Further apart than this, numbers are compared by their decades. */
const READABLE_RATIO = 100;
/** Below this share of the largest, all is as good as nothing. */
const MOST_DECADES = 12;

/** How numbers become strengths of a colour. */
export interface GlanceScale {
  isLog: boolean;
  /** The magnitudes at which colours begin and end. */
  low: number;
  high: number;
  /** Where a number is: from 0, or from -1 where some are negative, to 1; NaN stays NaN. */
  strength: (value: number) => number;
}

/** The scale of all that shares its colours, over all steps. */
export function glanceScale(all: readonly GateValues[], isShare: boolean): GlanceScale {
  const ends = all.flatMap(({ ends: own }) => own ?? []);
  const high = isShare ? 1 : Math.max(0, ...ends.map(Math.abs));
  const isSigned = ends.some((end) => end < 0);
  const low = isSigned ? 0 : smallestPositive(all);
  const isLog = !isShare && !isSigned && high > READABLE_RATIO * low && low > 0;
  if (isLog) {
    const from = Math.max(low, high / 10 ** MOST_DECADES);
    const decades = Math.log10(high / from);
    return {
      isLog,
      low: from,
      high,
      // What is below all decades that are shown is as good as nothing.
      strength: (value) => (value > from ? clamp(Math.log10(value / from) / decades) : value * 0),
    };
  }
  return { isLog, low: 0, high, strength: (value) => (high > 0 ? clamp(value / high) : value * 0) };
}

function clamp(share: number): number {
  return Number.isNaN(share) ? share : Math.max(-1, Math.min(1, share));
}

function smallestPositive(all: readonly GateValues[]): number {
  const lows = all.flatMap(({ values }) => {
    const positive = values.filter((value) => value > 0 && value < Number.POSITIVE_INFINITY);
    return positive.length > 0
      ? [positive.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY)]
      : [];
  });
  return lows.length > 0 ? Math.min(...lows) : 0;
}
