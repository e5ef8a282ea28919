/** One heatmap as it comes: a matrix, or several of the same size above each other. */

import { Cells } from "./cells";
import { Safetensors } from "./safetensors";

/** Matrices as they go from one thread to another. */
export interface PackedPlanes {
  rows: number;
  columns: number;
  /** All matrices, one after the other: see `Cells`. */
  bits: Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
}

/**
 * Reads a heatmap.
 *
 * @throws {Error} if the bytes are none.
 */
export function readPlanes(bytes: ArrayBuffer): PackedPlanes {
  const file = new Safetensors(bytes);
  const shape = file.shape("cells");
  const [rows, columns] = shape.slice(-2);
  if (rows === undefined || columns === undefined || shape.length > 3 || shape[0] === 0) {
    throw new Error("the heatmap is no matrix");
  }
  const bits =
    file.dtype("cells") === "BF16"
      ? file.read("cells", "BF16")
      : new Uint32Array(file.read("cells", "F32").buffer);
  return { rows, columns, bits };
}

/** The matrices of one snapshot: the mean over a batch and some of its samples, or just one. */
export class Planes {
  /** @param all - At least one, all of the same size. */
  constructor(readonly all: readonly Cells[]) {}

  /** Each matrix is a window on the same bits. */
  static from({ rows, columns, bits }: PackedPlanes): Planes {
    const size = rows * columns;
    const count = size > 0 ? bits.length / size : 1;
    return new Planes(
      Array.from(
        { length: count },
        (_, plane) => new Cells(rows, columns, bits.subarray(plane * size, (plane + 1) * size)),
      ),
    );
  }

  /** The matrix of that number; the first one where there is no such. */
  at(plane: number): Cells {
    return (this.all[plane] ?? this.all[0]) as Cells;
  }

  /** How many bytes they take. */
  get byteLength(): number {
    return this.all.reduce((sum, cells) => sum + cells.byteLength, 0);
  }
}
