/** How things are called on screen. */

import { format } from "d3-format";
import type { Nonfinite, Series } from "../api/catalog";
import { placeOfRow, WHOLE } from "../state/columns";

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

/** What stands at the part of a matrix that a gate has. */
export function gateName(gate: string): string {
  return gate === WHOLE ? "whole matrix" : words(gate);
}

/** What a column of a gate is: how a matrix that is not divided by gates packs its units isn't known. */
export function columnWord({ matrix, gates }: Pick<Series, "matrix" | "gates">): string {
  return gates[0] === WHOLE && matrix !== "projection" ? "column" : "unit";
}

/** How large a matrix is: `5 rows, 4 gates of 8 units`. */
export function sizeText(series: Pick<Series, "matrix" | "gates" | "rows" | "units">): string {
  const columns = counted(series.units, columnWord(series));
  const gates = series.gates[0] === WHOLE ? "" : `${counted(series.gates.length, "gate")} of `;
  return `${counted(series.rows, "row")}, ${gates}${columns}`;
}

/** Which cell of a matrix it is: a strip's row needs no number; a convolution's has one on each axis besides. */
export function cellText(
  series: Pick<Series, "matrix" | "gates" | "rows" | "row_shape">,
  row: number,
  unit: number,
): string {
  const column = `${columnWord(series)} ${unit}`;
  if (series.rows === 1) {
    return column;
  }
  const place = placeOfRow(row, series.row_shape);
  const channel = place.pop();
  const where = place.length > 0 ? `: kernel [${place.join(", ")}], channel ${channel}` : "";
  return `row ${row}${where} → ${column}`;
}

/** Why a matrix has no numbers of a kind, whether or not its run has any of it. */
export function absentText(
  { is_trained }: Pick<Series, "is_trained">,
  kind: string,
  hasRunAny: boolean,
): string {
  const what = words(kind);
  if (!is_trained) {
    return `Frozen: it is not trained, so it has no ${what}.`;
  }
  return hasRunAny
    ? `No ${what} were logged: the loss may not depend on it.`
    : `No ${what} were logged in this run.`;
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
