/** The numbers along a horizontal axis: as many as stand apart from each other. */

import type { TickSet } from "./tick_sets";

/** How wide a character is, at most, of the size that axes have. */
const CHARACTER = 6;
const GAP = 7;

/** A number, and where its text stands. */
export interface PlacedTick {
  value: number;
  text: string;
  /** The middle of the text, in pixels. */
  x: number;
}

/**
 * The fullest set whose texts stand apart, each within the axis.
 *
 * @param sets - The fullest first.
 * @param place - Where a number is, in pixels.
 * @param ends - Between which pixels all texts have to stand.
 */
export function placedTicks(
  sets: readonly TickSet[],
  place: (value: number) => number,
  [from, to]: readonly [number, number],
): PlacedTick[] {
  const placed = sets.map(({ values, texts }) =>
    values.map((value, number) => {
      const text = texts[number] ?? "";
      const half = (text.length * CHARACTER) / 2;
      return { value, text, x: Math.max(from + half, Math.min(to - half, place(value))) };
    }),
  );
  return placed.find(areApart) ?? placed.at(-1)?.slice(0, 1) ?? [];
}

function areApart(ticks: readonly PlacedTick[]): boolean {
  const boxes = ticks.map(boxOf);
  return boxes.every(([left], place) => place === 0 || left >= (boxes[place - 1]?.[1] ?? 0) + GAP);
}

/** From where to where a text goes. */
export function boxOf({ text, x }: PlacedTick): [number, number] {
  const half = (text.length * CHARACTER) / 2;
  return [x - half, x + half];
}
