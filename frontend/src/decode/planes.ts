/** One heatmap as it comes: a matrix, or several of the same size above each other. */

import { Cells } from "./cells";
import { Safetensors } from "./safetensors";

/** The matrices of one snapshot: the mean over a batch and some of its samples, or just one. */
export class Planes {
  /** @param all - At least one, all of the same size. */
  constructor(readonly all: readonly Cells[]) {}

  /** @throws {Error} if the bytes are no heatmap. */
  static decode(bytes: ArrayBuffer): Planes {
    const file = new Safetensors(bytes);
    const shape = file.shape("cells");
    const [rows, columns] = shape.slice(-2);
    const count = shape.length === 3 ? (shape[0] ?? 0) : 1;
    if (rows === undefined || columns === undefined || shape.length > 3 || count === 0) {
      throw new Error("the heatmap is no matrix");
    }
    const bits =
      file.dtype("cells") === "BF16"
        ? file.read("cells", "BF16")
        : new Uint32Array(file.read("cells", "F32").buffer);
    const size = rows * columns;
    // Each is a window on the same bits.
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
