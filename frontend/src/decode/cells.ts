/** The cells of one matrix, kept as the bits that came, and read as numbers only where they are needed. */

const scratch = new DataView(new ArrayBuffer(4));

/** A matrix of numbers, 16 or 32 bits each. */
export class Cells {
  /**
   * @param rows - Rows of the matrix.
   * @param columns - Columns, of all gates side by side.
   * @param bits - Row by row: bfloat16 in 16 bits, or float32 in 32.
   */
  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly bits: Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>,
  ) {}

  /** By how many places bits are shifted to become those of a float32. */
  get shift(): number {
    return this.bits instanceof Uint16Array ? 16 : 0;
  }

  /** The number in one cell. */
  at(row: number, column: number): number {
    const bits = this.#bitsAt(row, column);
    scratch.setUint32(0, this.bits instanceof Uint16Array ? bits * 0x10000 : bits);
    return scratch.getFloat32(0);
  }

  /** Whether a cell holds no number at all: all bits are set, which arithmetic never makes. */
  isMasked(row: number, column: number): boolean {
    return this.#bitsAt(row, column) === (this.bits instanceof Uint16Array ? 0xffff : 0xffffffff);
  }

  /** The numbers of one row; NaN where they are masked. */
  row(row: number): Float32Array {
    const bits = this.bits.subarray(row * this.columns, (row + 1) * this.columns);
    if (bits instanceof Uint32Array) {
      return new Float32Array(bits.slice().buffer);
    }
    return new Float32Array(Uint32Array.from(bits, (half) => half * 0x10000).buffer);
  }

  /** The number in one cell, in the fewest digits that tell it from its neighbours. */
  text(row: number, column: number): string {
    const value = this.at(row, column);
    if (Number.isNaN(value)) {
      return "NaN";
    }
    if (!Number.isFinite(value)) {
      return value > 0 ? "+infinity" : "−infinity";
    }
    const digits = this.bits instanceof Uint16Array ? 4 : 9;
    for (let precision = 1; precision <= digits; precision += 1) {
      const short = Number(value.toPrecision(precision));
      if (this.#rounds(short) === value || precision === digits) {
        return String(short).replace("-", "−");
      }
    }
    return String(value);
  }

  /** How many bytes the cells take. */
  get byteLength(): number {
    return this.bits.byteLength;
  }

  #bitsAt(row: number, column: number): number {
    return this.bits[row * this.columns + column] ?? 0;
  }

  #rounds(value: number): number {
    if (this.bits instanceof Uint32Array) {
      return Math.fround(value);
    }
    scratch.setFloat32(0, value);
    const bits = scratch.getUint32(0);
    // To the nearest, ties to even.
    const rounded = (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
    scratch.setUint32(0, (rounded << 16) >>> 0);
    return scratch.getFloat32(0);
  }
}
