/** Sets of round numbers for an axis, from the one with the most numbers to the one with the fewest. */

import { scaleLinear } from "d3-scale";
import { evenTexts, unevenTexts } from "./tick_texts";

/** How an axis runs. */
export type AxisForm = "linear" | "log" | "symmetric log";

/** Round numbers, and what stands at them. */
export interface TickSet {
  values: number[];
  texts: string[];
}

/**
 * The sets for an axis from `low` to `high`, the fullest first; at least one.
 *
 * @param most - About how many numbers an axis at equal distances has at most.
 * @param small - Below which magnitude a symmetric logarithmic axis is nearly linear.
 */
export function tickSets(
  form: AxisForm,
  [low, high]: readonly [number, number],
  most: number,
  small = 0,
): TickSet[] {
  if (form === "linear") {
    return linearSets(low, high, most);
  }
  const decades = DECADES[form](low, high, small);
  // Within one decade only numbers at equal distances are round.
  if (decades.length < 2) {
    return linearSets(low, high, most);
  }
  return counting(decades.length).map((every) => {
    const values = thinned(decades, every);
    return { values, texts: unevenTexts(values) };
  });
}

function linearSets(low: number, high: number, most: number): TickSet[] {
  const scale = scaleLinear().domain([low, high]);
  return counting(Math.max(1, Math.floor(most)))
    .reverse()
    .map((count) => {
      const values = scale.ticks(count);
      return { values, texts: evenTexts(values) };
    });
}

const DECADES: Record<
  Exclude<AxisForm, "linear">,
  (low: number, high: number, small: number) => number[]
> = {
  log: (low, high) => powers(low, high),
  "symmetric log": (low, high, small) => {
    const positive = powers(Math.max(small, low), high);
    const negative = powers(Math.max(small, -high), -low).map((value) => -value);
    const zero = low <= 0 && high >= 0 ? [0] : [];
    return [...negative.reverse(), ...zero, ...positive];
  },
};

/** The powers of ten from one positive number to another one. */
function powers(low: number, high: number): number[] {
  if (!(low > 0 && high > 0)) {
    return [];
  }
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  return counting(last - first + 1).map((number) => 10 ** (first + number - 1));
}

/** Zero, and on both sides every so manieth decade from the last one. */
function thinned(decades: readonly number[], every: number): number[] {
  const largest = Math.max(...decades.map(Math.abs));
  return decades.filter(
    (value) => value === 0 || Math.round(Math.log10(largest / Math.abs(value))) % every === 0,
  );
}

/** 1, 2, ... */
function counting(count: number): number[] {
  return Array.from({ length: Math.max(0, count) }, (_, place) => place + 1);
}
