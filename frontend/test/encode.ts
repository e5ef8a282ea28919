/** Writes safetensors, to test what reads them. */

type Tensor = { dtype: string; shape: number[]; bytes: ArrayBuffer };

export function safetensors(
  tensors: Record<string, Tensor>,
  metadata: Record<string, string> = {},
): ArrayBuffer {
  let offset = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const [name, { dtype, shape, bytes }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes.byteLength] };
    offset += bytes.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  let place = 8 + text.length;
  for (const { bytes } of Object.values(tensors)) {
    file.set(new Uint8Array(bytes), place);
    place += bytes.byteLength;
  }
  return file.buffer;
}

/** The key of a finite number. */
export function keyOf(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return view.getUint32(0) >>> 18;
}

/** Counts numbers by their keys. */
export function binsOf(values: readonly number[]) {
  const counts = new Map<number, number>();
  for (const value of values) {
    counts.set(keyOf(value), (counts.get(keyOf(value)) ?? 0) + 1);
  }
  const keys = [...counts.keys()].sort((a, b) => a - b);
  return {
    keys: Uint16Array.from(keys),
    counts: Uint32Array.from(keys, (key) => counts.get(key) as number),
  };
}
