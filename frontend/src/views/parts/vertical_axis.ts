/** Vertical axes: linear, or logarithmic with a line a decade. */

import { extent } from "d3-array";
import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from "d3-scale";
import { brief, powerOfTen } from "./words";

/** Further below its end a logarithmic axis doesn't go: all that is smaller is as good as gone. */
export const MOST_DECADES = 12;

/** Over more decades than these a linear axis shows only the last one. */
const READABLE_DECADES = 2;

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
  const last = Math.ceil(Math.log10(high) - 1e-9);
  return [
    Math.max(last - MOST_DECADES, Math.min(last - 1, Math.floor(Math.log10(low) + 1e-9))),
    last,
  ];
}

/** Whether values are all positive, and too far apart for a linear axis. */
export function needLog(values: readonly number[]): boolean {
  const finite = values.filter(Number.isFinite);
  const [low = 0, high = 0] = extent(finite);
  return low > 0 && Math.log10(high / low) > READABLE_DECADES;
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

/** A linear axis over all values that are finite. */
export function linearAxis(values: readonly number[], count: number): VerticalAxis {
  const [low = 0, high = 1] = extent(values.filter(Number.isFinite));
  // What never changes is shown beside zero, and zero itself below 1.
  const [from, to] = low === high ? [Math.min(0, low), Math.max(0, high)] : [low, high];
  const scale = scaleLinear()
    .domain([from, from === to ? 1 : to])
    .nice(count);
  return { scale, ticks: scale.ticks(count).map((value) => ({ value, text: brief(value) })) };
}
