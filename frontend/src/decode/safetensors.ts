/** Numbers as they come from the server: https://github.com/huggingface/safetensors. */

const READERS = {
  BF16: (bytes: ArrayBuffer) => new Uint16Array(bytes),
  U16: (bytes: ArrayBuffer) => new Uint16Array(bytes),
  U32: (bytes: ArrayBuffer) => new Uint32Array(bytes),
  F32: (bytes: ArrayBuffer) => new Float32Array(bytes),
  F64: (bytes: ArrayBuffer) => new Float64Array(bytes),
  I64: (bytes: ArrayBuffer) => Float64Array.from(new BigInt64Array(bytes), Number),
};

/** The types of number that the server sends. Bits of BF16 stay as they are; I64 become doubles. */
export type Dtype = keyof typeof READERS;

type Data<D extends Dtype> = ReturnType<(typeof READERS)[D]>;

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** A file of named tensors. */
export class Safetensors {
  readonly #entries: Record<string, Entry>;
  readonly #metadata: Record<string, string>;
  readonly #bytes: ArrayBuffer;
  /** Where the header ends. */
  readonly #start: number;

  /** @throws {Error} if the bytes are no such file. */
  constructor(bytes: ArrayBuffer) {
    const { header, start } = readHeader(bytes);
    const { __metadata__: metadata, ...entries } = header;
    this.#entries = entries as Record<string, Entry>;
    this.#metadata = (metadata ?? {}) as Record<string, string>;
    this.#bytes = bytes;
    this.#start = start;
  }

  /** The names of its tensors. */
  get names(): string[] {
    return Object.keys(this.#entries);
  }

  /** A text of the header's metadata; empty if it isn't there. */
  metadata(name: string): string {
    return this.#metadata[name] ?? "";
  }

  /** The dtype of a tensor, as the file names it. */
  dtype(name: string): string {
    return this.#entry(name).dtype;
  }

  /** The shape of a tensor. */
  shape(name: string): number[] {
    return this.#entry(name).shape;
  }

  /**
   * The numbers of a tensor, row by row.
   *
   * @throws {Error} if it isn't there, has another dtype, or not as many bytes as its shape says.
   */
  read<D extends Dtype>(name: string, dtype: D): Data<D> {
    const { dtype: found, shape, data_offsets: offsets } = this.#entry(name);
    if (found !== dtype) {
      throw new Error(`'${name}' holds ${found}, not ${dtype}`);
    }
    const [start, end] = offsets;
    if (!(start >= 0 && start <= end && end <= this.#bytes.byteLength - this.#start)) {
      throw new Error(`'${name}' lies outside of the data`);
    }
    const bytes = this.#bytes.slice(this.#start + start, this.#start + end);
    const count = shape.reduce((product, size) => product * size, 1);
    const width = { BF16: 2, U16: 2, U32: 4, F32: 4, F64: 8, I64: 8 }[dtype];
    if (bytes.byteLength !== count * width) {
      throw new Error(
        `'${name}' has ${bytes.byteLength} bytes where its shape needs ${count * width}`,
      );
    }
    return READERS[dtype](bytes) as Data<D>;
  }

  #entry(name: string): Entry {
    const entry = this.#entries[name];
    if (!entry || !Array.isArray(entry.shape) || !Array.isArray(entry.data_offsets)) {
      throw new Error(`there is no '${name}' in the answer`);
    }
    return entry;
  }
}

function readHeader(bytes: ArrayBuffer): { header: Record<string, unknown>; start: number } {
  if (bytes.byteLength < 8) {
    throw new Error("the answer is not safetensors: it is too short");
  }
  const length = Number(new DataView(bytes).getBigUint64(0, true));
  if (length > bytes.byteLength - 8) {
    throw new Error("the answer is not safetensors: its header doesn't fit");
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(bytes, 8, length));
    const header: unknown = JSON.parse(text);
    if (typeof header !== "object" || header === null || Array.isArray(header)) {
      throw new Error("it is no object");
    }
    return { header: header as Record<string, unknown>, start: 8 + length };
  } catch (error) {
    throw new Error(`the answer is not safetensors: its header can't be read (${error})`);
  }
}
