/** How large numbers are, whatever their sign: what colours are scaled by. */

import { farEdge, SIGN } from "./bins";
import type { Bins } from "./histograms";

/** Counts by magnitude, to which any number of histograms can be added. Zeros, which have none, don't count. */
export class Magnitudes {
  readonly #counts = new Float64Array(SIGN);
  #total = 0;

  /** Adds the numbers of one histogram. */
  add({ keys, counts }: Bins): void {
    for (let place = 0; place < keys.length; place += 1) {
      const magnitude = (keys[place] as number) & (SIGN - 1);
      const count = magnitude === 0 ? 0 : (counts[place] as number);
      this.#counts[magnitude] = (this.#counts[magnitude] as number) + count;
      this.#total += count;
    }
  }

  /** Adds all that was added to another one. */
  merge(other: Magnitudes): void {
    for (let magnitude = 0; magnitude < SIGN; magnitude += 1) {
      this.#counts[magnitude] =
        (this.#counts[magnitude] as number) + (other.#counts[magnitude] as number);
    }
    this.#total += other.#total;
  }

  /** The magnitude that a share `q` of the numbers keeps below, rounded up to a bin; 0 if there are none. */
  quantile(q: number): number {
    let left = q * this.#total;
    for (let magnitude = 0; magnitude < SIGN && this.#total > 0; magnitude += 1) {
      left -= this.#counts[magnitude] as number;
      if (left <= 0 && (this.#counts[magnitude] as number) > 0) {
        return farEdge(magnitude);
      }
    }
    return 0;
  }
}
