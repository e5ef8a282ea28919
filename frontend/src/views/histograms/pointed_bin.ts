/** The bin of an axis that a place is in. */

import { brief } from "../parts/words";
import type { HistogramAxis } from "./axis";

/** From where to where an axis goes, in pixels. */
export type PixelRange = readonly [number, number];

/** The bin at a place in pixels; null where there is none. */
export function binAt(x: number, [from, to]: PixelRange, count: number): number | null {
  const bin = Math.floor(((x - from) / (to - from)) * count);
  return bin >= 0 && bin < count ? bin : null;
}

/** From which number to which a bin goes. */
export function binText(axis: HistogramAxis, bin: number): string {
  const { invert } = axis.scale([0, axis.count]);
  return `${brief(invert(bin))} … ${brief(invert(bin + 1))}`;
}
