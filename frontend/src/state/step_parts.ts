/** Parts of a series' steps: of long series only those are fetched that are looked at. */

import { bisectCenter, bisectLeft, bisectRight } from "d3-array";

/** The first and the last step of a part. */
export type StepPart = readonly [number, number];

/**
 * The steps next to one: always the same few, whichever of them is looked at.
 *
 * @param all - All steps.
 * @param size - How many a part has.
 * @param offset - How many parts later; 0 is the one with the step.
 * @returns null where there is none.
 */
export function partAround(
  all: ArrayLike<number>,
  step: number,
  size: number,
  offset = 0,
): StepPart | null {
  const first = (Math.floor(bisectCenter(all, step) / size) + offset) * size;
  const [from, to] = [all[first], all[Math.min(first + size, all.length) - 1]];
  return from === undefined || to === undefined ? null : [from, to];
}

/** A range with a step more on either side, so that lines go on to the edges. */
export function withNeighbours(all: ArrayLike<number>, [first, last]: StepPart): StepPart {
  return [all[bisectLeft(all, first) - 1] ?? first, all[bisectRight(all, last)] ?? last];
}

/** How many of some steps are in a range; in the whole of them if there is none. */
export function countIn(all: ArrayLike<number>, range: StepPart | null): number {
  return range === null ? all.length : bisectRight(all, range[1]) - bisectLeft(all, range[0]);
}
