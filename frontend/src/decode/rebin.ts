/** From the bins of the numbers' bits to the bins that a person wants to see. */

import { bounds } from "./bins";
import type { Bins } from "./histograms";

/** How far, in new bins, the ends of an axis may be off in floating point. */
const ROUNDING = 1e-6;

/** How an axis runs, as a function that must grow. */
export type Transform = (value: number) => number;

/**
 * Counts again in bins of equal width along an axis.
 *
 * The counts of a bin that spans several new ones are shared out by how far it reaches into each, along the
 * axis, so the total is kept but for what lies outside of the domain. The domain's ends are those of numbers, and a
 * bin reaches past the numbers in it: its counts all come to lie on this side of the end.
 *
 * @param bins - What to count again.
 * @param domain - The axis' bounds, in values.
 * @param count - How many new bins.
 * @param transform - How the axis runs; the new bins are equally wide in it.
 * @returns The counts, `count` of them.
 */
export function rebin(
  bins: Bins,
  domain: readonly [number, number],
  count: number,
  transform: Transform,
): Float64Array {
  const result = new Float64Array(count);
  const start = transform(domain[0]);
  const scale = count / (transform(domain[1]) - start);
  for (let place = 0; place < bins.keys.length; place += 1) {
    const [lower, upper] = bounds(bins.keys[place] as number);
    const from = (transform(lower) - start) * scale;
    const to = (transform(upper) - start) * scale;
    if (from <= count + ROUNDING && to >= -ROUNDING) {
      share(result, Math.max(0, from), Math.min(count, to), bins.counts[place] as number);
    }
  }
  return result;
}

function share(result: Float64Array, from: number, to: number, amount: number): void {
  const last = result.length - 1;
  // Narrower than a thousandth of a new bin: in floating point its ends may even be the same.
  if (to - from < 1e-3) {
    const place = Math.max(0, Math.min(Math.floor((from + to) / 2), last));
    result[place] = (result[place] as number) + amount;
    return;
  }
  for (
    let place = Math.max(0, Math.floor(from));
    place <= Math.min(last, Math.ceil(to) - 1);
    place += 1
  ) {
    const overlap = Math.min(to, place + 1) - Math.max(from, place);
    result[place] = (result[place] as number) + (amount * overlap) / (to - from);
  }
}
