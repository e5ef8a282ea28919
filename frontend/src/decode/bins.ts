/** The bins that numbers fall into by their own bits; see `http_api.md` for what a key is. */

/** The bit of a key that says that the numbers are negative. */
export const SIGN = 0x2000;

const DROPPED_BITS = 18;
const KEYS = SIGN + 1;

/** `EDGES[m]` is the smallest magnitude in the bins of key `m` and `m + SIGN`. */
const EDGES = Float64Array.from({ length: KEYS }, (_, magnitude) => {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, magnitude << DROPPED_BITS);
  const edge = view.getFloat32(0);
  return Number.isFinite(edge) ? edge : 2 ** 128;
});

/** The smallest magnitude that falls into the bin of a key. */
export function nearEdge(key: number): number {
  return EDGES[key & (SIGN - 1)] as number;
}

/** The magnitude at which the bin of a key ends. */
export function farEdge(key: number): number {
  return EDGES[(key & (SIGN - 1)) + 1] as number;
}

/** The bounds of a bin, the lower one first. */
export function bounds(key: number): [number, number] {
  return key < SIGN ? [nearEdge(key), farEdge(key)] : [-farEdge(key), -nearEdge(key)];
}

/** The bounds of the magnitudes in a bin. */
export function magnitudeBounds(key: number): [number, number] {
  return [nearEdge(key), farEdge(key)];
}
