/** From the bins of the numbers' bits to the bins that a person wants to see. */

import type { Bins } from "./histograms";

/** How far, in new bins, the ends of an axis may be off in floating point. */
const ROUNDING = 1e-6;

/** Narrower than this, in new bins, a bin's ends may even be the same in floating point. */
const NARROW = 1e-3;

/** How many keys there may be. */
const KEYS = 0x4000;

/** An axis that is divided into bins of equal width. */
export interface DividedAxis {
  /** The axis' ends, in values. */
  domain: readonly [number, number];
  /** How many new bins. */
  count: number;
  /** How the axis runs, as a function that grows; the new bins are equally wide in it. */
  transform: (value: number) => number;
  /** The ends of the bin of a key, the lower one first. */
  bounds: (key: number) => readonly [number, number];
}

/**
 * Counts again in bins of equal width along an axis.
 *
 * The counts of a bin that spans several new ones are shared out by how far it reaches into each, along the
 * axis, so the total is kept but for what lies outside of the domain. The domain's ends are those of numbers, and a
 * bin reaches past the numbers in it: its counts all come to lie on this side of the end.
 */
export class Rebinning {
  readonly #axis: DividedAxis;
  readonly #start: number;
  readonly #scale: number;
  // A key has one place on an axis, whatever the gate, step and run: it is found once.
  readonly #from = new Float64Array(KEYS).fill(Number.NaN);
  readonly #to = new Float64Array(KEYS);

  constructor(axis: DividedAxis) {
    const { domain, count, transform } = axis;
    this.#axis = axis;
    this.#start = transform(domain[0]);
    this.#scale = count / (transform(domain[1]) - this.#start);
  }

  /** The counts of the new bins. */
  count({ keys, counts }: Bins): Float64Array {
    const { count } = this.#axis;
    const result = new Float64Array(count);
    for (let place = 0; place < keys.length; place += 1) {
      const key = keys[place] as number;
      if (Number.isNaN(this.#from[key])) {
        this.#locate(key);
      }
      const from = this.#from[key] as number;
      const to = this.#to[key] as number;
      if (from <= count + ROUNDING && to >= -ROUNDING) {
        share(result, Math.max(0, from), Math.min(count, to), counts[place] as number);
      }
    }
    return result;
  }

  #locate(key: number): void {
    const [lower, upper] = this.#axis.bounds(key);
    this.#from[key] = (this.#axis.transform(lower) - this.#start) * this.#scale;
    this.#to[key] = (this.#axis.transform(upper) - this.#start) * this.#scale;
  }
}

function share(result: Float64Array, from: number, to: number, amount: number): void {
  const last = result.length - 1;
  if (to - from < NARROW) {
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
