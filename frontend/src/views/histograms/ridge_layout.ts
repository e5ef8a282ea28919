/** Where the ridges of a series stand: the oldest step at the top and behind, the newest one below and in front. */

/** How many ridges there are at most: more run into each other. */
export const MOST_RIDGES = 30;

/** Their baselines, and how high they go, in pixels. */
export const RIDGES = { first: 34, last: 178, height: 34 };

/** The places of at most so many among so many steps: the first, the last, and others at equal distances. */
export function ridgeIndexes(count: number, most = MOST_RIDGES): number[] {
  if (count <= most) {
    return Array.from({ length: count }, (_, place) => place);
  }
  return Array.from({ length: most }, (_, place) => Math.round((place * (count - 1)) / (most - 1)));
}

/** The baseline of the step of that index, of so many; the step need not have a ridge. */
export function baseline(index: number, count: number): number {
  return count < 2
    ? RIDGES.last
    : RIDGES.first + ((RIDGES.last - RIDGES.first) * index) / (count - 1);
}

/** The one of some indexes whose baseline is the nearest to a place. */
export function indexAt(y: number, indexes: readonly number[], count: number): number | null {
  const distances = indexes.map((index) => Math.abs(baseline(index, count) - y));
  return indexes[distances.indexOf(Math.min(...distances))] ?? null;
}

const SHARE_BELOW = 0.9;
/** So many times as high as others a ridge is at most. */
const HIGHEST = 1.6;

/**
 * How high ridges are drawn, in pixels.
 *
 * The highest few have no say in it: a bias that begins as a constant would leave all others flat.
 *
 * @param peaks - The highest bin of each.
 */
export function ridgeScale(peaks: readonly number[]): { scale: number; most: number } {
  const sorted = peaks.filter((peak) => peak > 0).sort((a, b) => a - b);
  const usual = sorted[Math.floor(SHARE_BELOW * (sorted.length - 1))] ?? 1;
  const most = (sorted.at(-1) ?? 0) > usual ? HIGHEST * RIDGES.height : RIDGES.height;
  return { scale: RIDGES.height / usual, most: Math.min(most, RIDGES.height * HIGHEST) };
}
