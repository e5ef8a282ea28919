/** Statistics of some series of one run over their steps. */

import { Safetensors } from "./safetensors";

/** The statistics of one series at those of its steps that were asked for. */
export class Statistics {
  /**
   * @param allSteps - All steps that TensorBoard kept.
   * @param steps - Those that there are values of.
   * @param names - The names of the statistics.
   * @param gates - How many gates the series has.
   * @param values - By step, then gate, then name.
   */
  constructor(
    readonly allSteps: Float64Array,
    readonly steps: Float64Array,
    readonly names: readonly string[],
    readonly gates: number,
    readonly values: Float32Array,
  ) {}

  /** A statistic of one gate at the step of that index; NaN if it isn't known. */
  statistic(index: number, gate: number, name: string): number {
    const place = this.names.indexOf(name);
    const value = this.values[(index * this.gates + gate) * this.names.length + place];
    return place < 0 ? Number.NaN : (value ?? Number.NaN);
  }

  /** Whether only some of the steps have values. */
  get isThinned(): boolean {
    return this.steps.length < this.allSteps.length;
  }
}

/** The statistics of all series that were asked for together. */
export class StatisticsByTag {
  readonly #byTag = new Map<string, Statistics>();
  readonly #reasons: Readonly<Record<string, string>>;
  readonly byteLength: number;

  /** @throws {Error} if the bytes are no statistics, or don't fit together. */
  constructor(bytes: ArrayBuffer) {
    const file = new Safetensors(bytes);
    this.byteLength = bytes.byteLength;
    const tags = JSON.parse(file.metadata("tags")) as string[];
    const names = JSON.parse(file.metadata("names")) as string[][];
    this.#reasons = JSON.parse(file.metadata("unreadable")) as Record<string, string>;
    tags.forEach((tag, place) => {
      const steps = file.read(`${place}/steps`, "I64");
      const own = names[place] ?? [];
      const [count, gates = 0, width] = file.shape(`${place}/values`);
      if (count !== steps.length || width !== own.length) {
        throw new Error(`the statistics of '${tag}' don't fit together`);
      }
      const values = file.read(`${place}/values`, "F32");
      const allSteps = file.read(`${place}/all_steps`, "I64");
      this.#byTag.set(tag, new Statistics(allSteps, steps, own, gates, values));
    });
  }

  /** Why there are no statistics of a series. */
  reason(tag: string): string {
    return this.#reasons[tag] ?? "TensorBoard has no statistics of it";
  }

  /** The statistics of a series; null if there are none. */
  get(tag: string): Statistics | null {
    return this.#byTag.get(tag) ?? null;
  }
}
