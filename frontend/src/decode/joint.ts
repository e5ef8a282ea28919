/** How often each pair of a weight and its gradient occurs in one block. */

import { Safetensors } from "./safetensors";

/** A two-dimensional histogram. */
export class Joint {
  /** The edges of the bins, increasing; the middle bin holds zeros. */
  readonly xEdges: Float64Array;
  readonly yEdges: Float64Array;
  /** By row, from the smallest y, then column. */
  readonly counts: Uint32Array;
  /** The step at which both were logged. */
  readonly step: number;
  /** Whether a cell stands for several values. */
  readonly isPooled: boolean;
  /** How many pairs are not counted, since one of the two is no finite number. */
  readonly notFinite: number;
  readonly largest: number;

  /** @throws {Error} if the bytes are no such histogram, or don't fit together. */
  constructor(bytes: ArrayBuffer) {
    const file = new Safetensors(bytes);
    this.xEdges = file.read("x_edges", "F64");
    this.yEdges = file.read("y_edges", "F64");
    this.counts = file.read("counts", "U32");
    this.step = Number(file.metadata("step"));
    this.isPooled = file.metadata("pooled") === "true";
    this.notFinite = Number(file.metadata("not_finite"));
    if (this.counts.length !== (this.xEdges.length - 1) * (this.yEdges.length - 1)) {
      throw new Error("the parts of the two-dimensional histogram don't fit together");
    }
    this.largest = this.counts.reduce((one, other) => Math.max(one, other), 0);
  }

  get columns(): number {
    return this.xEdges.length - 1;
  }

  get rows(): number {
    return this.yEdges.length - 1;
  }

  /** How many pairs lie in a bin. */
  at(row: number, column: number): number {
    return this.counts[row * this.columns + column] ?? 0;
  }

  get byteLength(): number {
    return this.counts.byteLength + this.xEdges.byteLength + this.yEdges.byteLength;
  }
}
