/** All snapshots' histograms and statistics of one series. */

import { Safetensors } from "./safetensors";

/** The statistics that every series has, in the order in which they are offered; see `http_api.md`. */
export const BASE_STATISTICS = [
  "l2_norm",
  "mean",
  "standard_deviation",
  "minimum",
  "maximum",
  "zero",
  "nan",
  "positive_infinity",
  "negative_infinity",
  "count",
] as const;

/** The bins of one gate at one step. */
export interface Bins {
  keys: Uint16Array;
  counts: Uint32Array;
}

/** One series over its steps. */
export class Histograms {
  readonly steps: Float64Array;
  readonly #gates: number;
  /** The names of its statistics: those that every series has, then its own measures. */
  readonly names: readonly string[];
  readonly #statistics: Float64Array;
  readonly #offsets: Float64Array;
  readonly #keys: Uint16Array;
  readonly #counts: Uint32Array;

  /** @throws {Error} if the bytes are no histograms, or don't fit together. */
  constructor(bytes: ArrayBuffer) {
    const file = new Safetensors(bytes);
    this.steps = file.read("steps", "I64");
    this.#gates = file.shape("statistics")[1] ?? 0;
    this.names = file.metadata("statistics").split(",");
    this.#statistics = file.read("statistics", "F64");
    this.#offsets = file.read("offsets", "I64");
    this.#keys = file.read("keys", "U16");
    this.#counts = file.read("counts", "U32");
    const snapshots = this.steps.length * this.#gates;
    const fits =
      this.#statistics.length === snapshots * this.names.length &&
      this.#offsets.length === snapshots + 1 &&
      this.#offsets[snapshots] === this.#keys.length &&
      this.#counts.length === this.#keys.length;
    if (!fits) {
      throw new Error("the parts of the histograms don't fit together");
    }
  }

  /** A statistic of one gate at the step of that index; NaN if it isn't known. */
  statistic(index: number, gate: number, name: string): number {
    const place = (index * this.#gates + gate) * this.names.length + this.names.indexOf(name);
    return this.names.includes(name) ? (this.#statistics[place] ?? Number.NaN) : Number.NaN;
  }

  /** The bins of one gate at the step of that index. */
  bins(index: number, gate: number): Bins {
    const place = index * this.#gates + gate;
    const start = this.#offsets[place] ?? 0;
    const end = this.#offsets[place + 1] ?? start;
    return { keys: this.#keys.subarray(start, end), counts: this.#counts.subarray(start, end) };
  }

  /** How many bytes it takes. */
  get byteLength(): number {
    return this.#statistics.byteLength + this.#keys.byteLength + this.#counts.byteLength;
  }
}
