/** Quantiles of numbers of which only the bins are known: each is in the same bin as the number itself. */

import { bounds, magnitudeBounds, nearEdge, SIGN } from "./bins";
import type { Bins } from "./histograms";

/** Which numbers count: all as they are, or the magnitudes of those that have a logarithm. */
export type Looked = "values" | "magnitudes";

/**
 * Quantiles of the numbers in some bins.
 *
 * The quantile of a share is the smallest number that at least so large a share of the numbers does not exceed: of n
 * numbers in order the one at place `ceil(share * n)`, counted from 1.
 *
 * @param bins - Their keys increase.
 * @param shares - From 0 to 1, the smaller ones first.
 * @returns The middle of the bin of each; NaN where there are no numbers.
 */
export function quantiles(bins: Bins, shares: readonly number[], looked: Looked): number[] {
  const places = IN_ORDER[looked](bins.keys);
  const total = places.reduce((sum, place) => sum + (bins.counts[place] as number), 0);
  let next = -1;
  let passed = 0;
  return shares.map((share) => {
    const rank = Math.max(1, Math.ceil(share * total));
    while (passed < rank && next < places.length - 1) {
      next += 1;
      passed += bins.counts[places[next] as number] as number;
    }
    const place = places[next];
    return place === undefined ? Number.NaN : middle(bins.keys[place] as number, looked);
  });
}

function middle(key: number, looked: Looked): number {
  // The bin at zero holds zeros, and what is next to nothing.
  if (nearEdge(key) === 0) {
    return 0;
  }
  const [lower, upper] = looked === "values" ? bounds(key) : magnitudeBounds(key);
  return (lower + upper) / 2;
}

/** The places of keys, from the smallest number that counts to the largest. */
const IN_ORDER: Record<Looked, (keys: Uint16Array) => number[]> = {
  values: (keys) => {
    const negative = firstNegative(keys);
    const places: number[] = [];
    for (let place = keys.length - 1; place >= negative; place -= 1) {
      places.push(place);
    }
    for (let place = 0; place < negative; place += 1) {
      places.push(place);
    }
    return places;
  },
  magnitudes: (keys) => {
    const end = firstNegative(keys);
    let positive = keys[0] === 0 ? 1 : 0;
    let negative = keys[end] === SIGN ? end + 1 : end;
    const places: number[] = [];
    while (positive < end || negative < keys.length) {
      const isPositiveNext =
        negative >= keys.length ||
        (positive < end && (keys[positive] as number) <= (keys[negative] as number) - SIGN);
      places.push(isPositiveNext ? positive++ : negative++);
    }
    return places;
  },
};

/** The place of the first key of negative numbers. */
function firstNegative(keys: Uint16Array): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] as number) < SIGN) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
