/** Which curve the pointer is on. */

/**
 * The curve that is nearest to a height at one place.
 *
 * @param curves - The first ones win over others that are as near.
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
  let best: C | null = null;
  let least = near;
  for (const curve of curves) {
    const value = curve.values[at];
    const distance =
      value !== undefined && value >= 0 ? Math.abs(y(value) - height) : Number.POSITIVE_INFINITY;
    if (distance < least || (distance === least && best === null)) {
      best = curve;
      least = distance;
    }
  }
  return best;
}
