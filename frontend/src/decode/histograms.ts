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

/** A series over its steps, as it goes from one thread to another. */
export interface PackedHistograms {
  steps: Float64Array<ArrayBuffer>;
  gates: number;
  /** The names of its statistics: those that every series has, then its own measures. */
  names: readonly string[];
  /** By step, gate and name. */
  statistics: Float64Array<ArrayBuffer>;
  /** Where the bins of each step and gate begin, and where the last ones end. */
  offsets: Float64Array<ArrayBuffer>;
  keys: Uint16Array<ArrayBuffer>;
  counts: Uint32Array<ArrayBuffer>;
}

/**
 * Reads histograms.
 *
 * @throws {Error} if the bytes are none, or don't fit together.
 */
export function readHistograms(bytes: ArrayBuffer): PackedHistograms {
  const file = new Safetensors(bytes);
  const found: PackedHistograms = {
    steps: file.read("steps", "I64"),
    gates: file.shape("statistics")[1] ?? 0,
    names: file.metadata("statistics").split(","),
    statistics: file.read("statistics", "F64"),
    offsets: file.read("offsets", "I64"),
    keys: file.read("keys", "U16"),
    counts: file.read("counts", "U32"),
  };
  const { steps, gates, names, statistics, offsets, keys, counts } = found;
  const snapshots = steps.length * gates;
  const fits =
    statistics.length === snapshots * names.length &&
    offsets.length === snapshots + 1 &&
    offsets[snapshots] === keys.length &&
    counts.length === keys.length;
  if (!fits) {
    throw new Error("the parts of the histograms don't fit together");
  }
  return found;
}

/** One series over its steps. */
export class Histograms {
  constructor(private readonly packed: PackedHistograms) {}

  /** Increasing. */
  get steps(): Float64Array {
    return this.packed.steps;
  }

  /** The names of its statistics. */
  get names(): readonly string[] {
    return this.packed.names;
  }

  /** A statistic of one gate at the step of that index; NaN if it isn't known. */
  statistic(index: number, gate: number, name: string): number {
    const { gates, names, statistics } = this.packed;
    const place = (index * gates + gate) * names.length + names.indexOf(name);
    return names.includes(name) ? (statistics[place] ?? Number.NaN) : Number.NaN;
  }

  /** The bins of one gate at the step of that index. */
  bins(index: number, gate: number): Bins {
    const { gates, offsets, keys, counts } = this.packed;
    const place = index * gates + gate;
    const start = offsets[place] ?? 0;
    const end = offsets[place + 1] ?? start;
    return { keys: keys.subarray(start, end), counts: counts.subarray(start, end) };
  }

  /** How many bytes it takes. */
  get byteLength(): number {
    const { statistics, keys, counts } = this.packed;
    return statistics.byteLength + keys.byteLength + counts.byteLength;
  }
}
