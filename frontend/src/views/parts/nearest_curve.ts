/** Which curve the pointer is on. */

/** Nearer to each other than this, in pixels, curves can't be told apart by the pointer. */
const SAME = 0.5;

/**
 * The curve that is nearest to a height at one place.
 *
 * @param curves - The first ones win over others that are as near as a pointer can tell.
 * @param at - The place along the curves.
 * @param height - In pixels.
 * @param y - Where a value is, in pixels.
 * @param near - From how far off a curve still counts.
 * @returns null if none is near.
 */
export function nearestCurve<C extends { values: ArrayLike<number> }>(
  curves: readonly C[],
  at: number,
  height: number,
  y: (value: number) => number,
  near: number,
): C | null {
  const distances = curves.map(({ values }) => {
    const value = values[at];
    return value !== undefined && value >= 0
      ? Math.abs(y(value) - height)
      : Number.POSITIVE_INFINITY;
  });
  const least = Math.min(...distances);
  const found = distances.findIndex((distance) => distance <= least + SAME);
  return least <= near ? (curves[found] ?? null) : null;
}
