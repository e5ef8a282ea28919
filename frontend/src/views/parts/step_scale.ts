/** The horizontal axis of what goes over the steps. */

import { type ScaleLinear, scaleLinear } from "d3-scale";
import { steps } from "../../state/selection";
import { timelineRange } from "../../state/timeline_settings";
import { type PlacedTick, placedTicks } from "./placed_ticks";
import { grouped } from "./words";

/** The room at the left of it for the numbers of the vertical axis, and at the right, in pixels. */
export const MARGINS = { left: 40, right: 8 };

const PIXELS_A_TICK = 40;

/** A first and a last step. */
export type StepRange = readonly [number, number];

/**
 * The scale of the steps that are to be seen: those of the range that was chosen, or all.
 *
 * All that can be gone to is on it, also where there is nothing to be drawn.
 *
 * @param own - The ends of what is drawn; null where there is nothing.
 */
export function stepScale(width: number, own: StepRange | null): ScaleLinear<number, number> {
  const [first, last] = timelineRange.value ?? wholeRange(own);
  return scaleLinear()
    .domain([first, last === first ? first + 1 : last])
    .range([MARGINS.left, Math.max(MARGINS.left + 1, width - MARGINS.right)]);
}

function wholeRange(own: StepRange | null): StepRange {
  const ends = [steps.value[0], steps.value.at(-1), ...(own ?? [])];
  const known = ends.filter((end) => end !== undefined);
  return known.length ? [Math.min(...known), Math.max(...known)] : [0, 1];
}

/** The numbers below it. */
export function stepTicks(x: ScaleLinear<number, number>): PlacedTick[] {
  const [from, to] = x.range() as [number, number];
  const counts = Array.from(
    { length: Math.max(1, Math.floor((to - from) / PIXELS_A_TICK)) },
    (_, place) => place + 1,
  );
  const sets = counts.reverse().map((count) => {
    const values = x.ticks(count).filter(Number.isInteger);
    return { values, texts: values.map(grouped) };
  });
  return placedTicks(sets, x, [from - MARGINS.left / 2, to + MARGINS.right]);
}

/**
 * The steps of a range that was dragged over, from the first to the last one in it.
 *
 * @returns null where it has fewer than two: there is nothing between them to be looked at.
 */
export function draggedRange(all: readonly number[], one: number, other: number): StepRange | null {
  const [low, high] = one < other ? [one, other] : [other, one];
  const inside = all.filter((step) => step >= low && step <= high);
  const first = inside[0];
  const last = inside.at(-1);
  return first === undefined || last === undefined || first === last ? null : [first, last];
}
