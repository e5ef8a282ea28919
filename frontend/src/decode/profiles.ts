/** Small curves that are logged with each snapshot of a series: one for each gate. See `http_api.md`. */

import { Safetensors } from "./safetensors";

const STEPS = "/steps";
const VALUES = "/values";

/** One profile over its steps. */
export class Profile {
  #ends: readonly number[] | null = null;

  /**
   * @param steps - The steps at which it was logged, increasing.
   * @param gates - How many gates.
   * @param length - How many numbers a gate has at a step.
   * @param values - By step, then gate.
   */
  constructor(
    readonly steps: Float64Array,
    readonly gates: number,
    readonly length: number,
    readonly values: Float32Array,
  ) {}

  /** The smallest and the largest of its numbers that are positive; neither if none is. */
  get positiveEnds(): readonly number[] {
    if (!this.#ends) {
      let [low, high] = [Number.POSITIVE_INFINITY, 0];
      for (const value of this.values) {
        if (value > 0 && value < Number.POSITIVE_INFINITY) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
      this.#ends = high > 0 ? [low, high] : [];
    }
    return this.#ends;
  }

  /** The curve of one gate at the step of that index. */
  curve(index: number, gate: number): Float32Array {
    const start = (index * this.gates + gate) * this.length;
    return this.values.subarray(start, start + this.length);
  }
}

/** All profiles of one series, by name. */
export class Profiles {
  readonly #profiles = new Map<string, Profile>();
  readonly byteLength: number;

  /** @throws {Error} if the bytes are no profiles, or don't fit together. */
  constructor(bytes: ArrayBuffer) {
    const file = new Safetensors(bytes);
    this.byteLength = bytes.byteLength;
    for (const tensor of file.names.filter((name) => name.endsWith(VALUES))) {
      const name = tensor.slice(0, -VALUES.length);
      const steps = file.read(name + STEPS, "I64");
      const [count, gates = 0, length = 0] = file.shape(tensor);
      if (count !== steps.length) {
        throw new Error(`the profile '${name}' doesn't have as many steps as it says`);
      }
      this.#profiles.set(name, new Profile(steps, gates, length, file.read(tensor, "F32")));
    }
  }

  /** The profile of a name; null if the series has none. */
  get(name: string): Profile | null {
    return this.#profiles.get(name) ?? null;
  }
}
