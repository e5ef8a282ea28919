/** The numbers along a horizontal axis: as many as stand apart from each other. */

import type { TickSet } from "./tick_sets";

/** How wide a character is, at most, of the size that axes have. */
const CHARACTER = 6;
const GAP = 7;

/** A number, and where it stands. */
export interface PlacedTick {
  value: number;
  text: string;
  /** In pixels. */
  x: number;
  anchor: "start" | "middle" | "end";
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
  ends: readonly [number, number],
): PlacedTick[] {
  const placed = sets.map(({ values, texts }) =>
    values.map((value, number) => placedTick(value, texts[number] ?? "", place(value), ends)),
  );
  return placed.find(areApart) ?? placed.at(-1)?.slice(0, 1) ?? [];
}

function placedTick(
  value: number,
  text: string,
  x: number,
  [from, to]: readonly [number, number],
): PlacedTick {
  const half = (text.length * CHARACTER) / 2;
  if (x - half < from) {
    return { value, text, x: Math.max(x, from), anchor: "start" };
  }
  if (x + half > to) {
    return { value, text, x: Math.min(x, to), anchor: "end" };
  }
  return { value, text, x, anchor: "middle" };
}

function areApart(ticks: readonly PlacedTick[]): boolean {
  const boxes = ticks.map(boxOf);
  return boxes.every(([left], place) => place === 0 || left >= (boxes[place - 1]?.[1] ?? 0) + GAP);
}

const SHARE_LEFT: Record<PlacedTick["anchor"], number> = { start: 0, middle: 0.5, end: 1 };

/** From where to where a text goes. */
export function boxOf({ text, x, anchor }: PlacedTick): [number, number] {
  const width = text.length * CHARACTER;
  const left = x - SHARE_LEFT[anchor] * width;
  return [left, left + width];
}
