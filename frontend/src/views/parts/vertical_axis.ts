/** Vertical axes: linear, logarithmic with a line a decade, or logarithmic on both sides of zero. */

import { extent, quantileSorted, sort } from "d3-array";
import { type ScaleContinuousNumeric, scaleLinear, scaleLog, scaleSymlog } from "d3-scale";
import { type TickSet, tickSets } from "./tick_sets";
import { evenTexts } from "./tick_texts";
import { powerOfTen } from "./words";

/** Further below its end a logarithmic axis doesn't go: all that is smaller is as good as gone. */
export const MOST_DECADES = 12;

/** Over more decades than these a linear axis shows only the last one. */
const READABLE_DECADES = 2;

/** What share of magnitudes are small; those of numbers that cross zero come as near to it as chance will have it. */
const SMALL_SHARE = 0.1;

/** What is smaller is taken for zero: an axis as short as that can't be divided into parts. */
const SMALLEST = 1e-300;

/** An axis over some values, to be given a range. */
export interface VerticalAxis {
  scale: ScaleContinuousNumeric<number, number>;
  /** Where it has a line, and what stands there. */
  ticks: { value: number; text: string }[];
}

/** The decades that values reach over, as powers of ten: the ones that an axis begins and ends with. */
export function decadesOf(values: readonly number[]): [number, number] | null {
  const [low, high] = extent(values.filter((value) => value > 0 && Number.isFinite(value)));
  if (low === undefined || high === undefined) {
    return null;
  }
  const last = lastDecade(high);
  return [
    Math.max(last - MOST_DECADES, Math.min(last - 1, Math.floor(Math.log10(low) + 1e-9))),
    last,
  ];
}

/** The power of ten at which an axis that reaches a magnitude ends. */
function lastDecade(magnitude: number): number {
  return Math.ceil(Math.log10(magnitude) - 1e-9);
}

/** Whether values are too far apart for a linear axis. */
export function needLog(values: readonly number[]): boolean {
  const { low, high, small } = endsOf(values);
  return Math.log10(Math.max(-low, high) / small) > READABLE_DECADES;
}

/** How far some numbers reach. */
export interface Ends {
  low: number;
  high: number;
  /** A magnitude that few are below; zero only where all are zero. */
  small: number;
}

/** The ends of the values that are finite; zero where there are none. */
function endsOf(values: readonly number[]): Ends {
  const finite = finiteOf(values);
  const [low = 0, high = 0] = extent(finite);
  const magnitudes = finite.map(Math.abs).filter((value) => value > 0);
  const small = low > 0 ? low : quantileSorted(sort(magnitudes), SMALL_SHARE);
  return { low, high, small: small ?? 0 };
}

function finiteOf(values: readonly number[]): number[] {
  return values.filter(Number.isFinite).map((value) => (Math.abs(value) < SMALLEST ? 0 : value));
}

/** An axis over all values that are finite: a logarithmic one leaves room for zero and both signs where there are any. */
export function verticalAxis(
  values: readonly number[],
  isLog: boolean,
  count: number,
): VerticalAxis {
  const ends = endsOf(values);
  if (!isLog || ends.small === 0) {
    return linearAxis(values, count);
  }
  const decades = ends.low > 0 ? decadesOf(values) : null;
  return decades ? logAxis(decades, count) : symmetricLogAxis(ends, count);
}

/** A logarithmic axis over whole decades. */
export function logAxis([first, last]: readonly [number, number], count: number): VerticalAxis {
  const every = Math.ceil((last - first) / Math.max(1, count));
  const ticks = [];
  for (let exponent = last; exponent >= first; exponent -= every) {
    ticks.push({ value: 10 ** exponent, text: powerOfTen(exponent) });
  }
  return {
    scale: scaleLog()
      .domain([10 ** first, 10 ** last])
      .clamp(true),
    ticks,
  };
}

/** An axis that is logarithmic on both sides of zero, and nearly linear next to it; it ends with whole decades. */
export function symmetricLogAxis({ low, high, small }: Ends, count: number): VerticalAxis {
  const last = lastDecade(Math.max(-low, high));
  const first = Math.max(
    last - MOST_DECADES,
    Math.min(last - 1, Math.floor(Math.log10(small) + 1e-9)),
  );
  const end = (magnitude: number) =>
    magnitude > 0 ? 10 ** Math.max(first, lastDecade(magnitude)) : 0;
  const domain = [0 - end(-low), end(high)] as const;
  const scale = scaleSymlog()
    .domain(domain)
    .constant(10 ** first)
    .clamp(true);
  const unit = scale.copy().range([0, 1]);
  const sets = tickSets("symmetric log", domain, count, 10 ** first);
  const isReadable = ({ values }: TickSet) =>
    values.every(
      (value, place) =>
        place === 0 || unit(value) - unit(values[place - 1] ?? 0) >= 1 / (count + 2),
    );
  const { values, texts } = sets.find(isReadable) ?? (sets.at(-1) as TickSet);
  return {
    scale,
    ticks: values.map((value, place) => ({ value, text: texts[place] ?? "" })),
  };
}

/** A linear axis over all values that are finite. */
export function linearAxis(values: readonly number[], count: number): VerticalAxis {
  const [low = 0, high = 1] = extent(finiteOf(values));
  // What never changes is shown beside zero, and zero itself below 1.
  const [from, to] = low === high ? [Math.min(0, low), Math.max(0, high)] : [low, high];
  const scale = scaleLinear()
    .domain([from, from === to ? 1 : to])
    .nice(count);
  const ticks = scale.ticks(count);
  const texts = evenTexts(ticks);
  return { scale, ticks: ticks.map((value, place) => ({ value, text: texts[place] ?? "" })) };
}
