/** How things are called on screen. */

import { format } from "d3-format";
import type { Nonfinite } from "../api/catalog";
import { WHOLE } from "../state/columns";

const NONFINITE_WORDS: Record<Nonfinite["value"], string> = {
  nan: "NaN",
  positive_infinity: "+inf",
  negative_infinity: "−inf",
};

/** What stands for a value that is no finite number. */
export function nonfiniteWord(value: Nonfinite["value"]): string {
  return NONFINITE_WORDS[value];
}

/** A name of the data, such as `recurrent_kernel`, as words. */
export function words(name: string): string {
  return name.replaceAll("_", " ");
}

/** A whole number with separators of thousands. */
export const grouped = format(",");

/** So many of something: `1 value`, `1,200 values`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

const short = format(".3~g");
const shortExponent = format(".2~e");

/** A number in three digits at most, for axes and colour bars. */
export function brief(value: number): string {
  const magnitude = Math.abs(value);
  const isPlain = magnitude === 0 || (magnitude >= 1e-3 && magnitude < 1e5);
  return isPlain ? short(value) : shortExponent(value);
}

/** A share as percent; never 0 where there is something. */
export function percent(share: number): string {
  return share > 0 && share < 0.001 ? "<0.1 %" : `${format(".1f")(share * 100)} %`;
}

/** One gate of a matrix in words: `forget gate of the kernel`; a matrix without gates is all there is. */
export function gateOf(gate: string, matrix: string): string {
  return gate === WHOLE ? words(matrix) : `${words(gate)} gate of the ${words(matrix)}`;
}

/** One finding in words: `NaN in the forget gate since step 1,200`. */
export function findingText(finding: Nonfinite, matrix: string): string {
  const what = nonfiniteWord(finding.value);
  const where = gateOf(finding.gate, matrix);
  return `${what} in the ${where}, first at step ${grouped(finding.step)} (${counted(finding.count, "value")})`;
}
