/** What stands at the round numbers of an axis: as many digits as tell them apart, and no more. */

import { format, precisionFixed } from "d3-format";
import { brief } from "./words";

/** Between these magnitudes numbers are written out; others have a power of ten. */
const WRITTEN_OUT = [1e-3, 1e5] as const;

/** The texts of numbers at equal distances. */
export function evenTexts(ticks: readonly number[]): string[] {
  const [first, second] = ticks;
  if (first === undefined || second === undefined) {
    return ticks.map(brief);
  }
  const distance = Math.abs(second - first);
  const largest = Math.max(...ticks.map(Math.abs));
  const isWrittenOut = largest >= WRITTEN_OUT[0] && largest < WRITTEN_OUT[1];
  const write = isWrittenOut
    ? format(`.${precisionFixed(distance)}f`)
    : withPower(decade(largest) - decade(distance));
  // A distance of 1e-6 leaves no exact zero.
  return ticks.map((tick) => (Math.abs(tick) < distance / 1e6 ? "0" : write(tick)));
}

/** Writes a number as a few digits and a power of ten: `2.5e6`. */
function withPower(digits: number): (value: number) => string {
  const write = format(`.${Math.max(0, digits)}~e`);
  return (value) => write(value).replace("e+", "e");
}

function decade(magnitude: number): number {
  return Math.floor(Math.log10(magnitude) + 1e-9);
}

/** The texts of numbers at any distances: of decades, say. */
export function unevenTexts(ticks: readonly number[]): string[] {
  return ticks.map(brief);
}
