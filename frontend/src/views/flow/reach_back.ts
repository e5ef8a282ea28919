/** How far back a gradient reaches, from its norm at each time step. */

/** Where a gradient is largest, and the farthest time step in its past at which something of it is left. */
export interface ReachBack {
  peak: number;
  farthest: number;
  /** How many time steps lie between them. */
  steps: number;
  /** Whether it reaches all of the past that there is. */
  isAll: boolean;
}

/**
 * Finds how far into the past of its peak a gradient keeps at least some share of it.
 *
 * @param norms - One a time step, in the natural order of time; NaN where all is masked.
 * @param isReversed - Whether the past is on the right.
 * @param share - The share of the peak.
 * @returns null where no norm is positive.
 */
export function reachBack(
  norms: ArrayLike<number>,
  isReversed: boolean,
  share: number,
): ReachBack | null {
  const times = Array.from(norms, (_, time) => time).filter((time) => (norms[time] ?? 0) > 0);
  const norm = (time: number) => norms[time] as number;
  const peak = times.reduce<number | null>(
    (best, time) => (best === null || norm(time) > norm(best) ? time : best),
    null,
  );
  if (peak === null) {
    return null;
  }
  const isPast = (time: number) => (isReversed ? time >= peak : time <= peak);
  const left = times.filter((time) => isPast(time) && norm(time) >= share * norm(peak));
  const farthest = (isReversed ? left.at(-1) : left[0]) ?? peak;
  const known = Array.from(norms, (_, time) => time).filter((time) => !Number.isNaN(norms[time]));
  const end = isReversed ? known.at(-1) : known[0];
  return { peak, farthest, steps: Math.abs(peak - farthest), isAll: farthest === end };
}
