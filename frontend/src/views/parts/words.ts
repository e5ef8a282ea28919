/** How things are called on screen. */

import { format } from "d3-format";
import type { Kind, Nonfinite, Series } from "../../api/catalog";
import { placeOfRow, WHOLE } from "../../state/columns";
import { hasTime, isOfMatrices } from "../../state/kinds";
import type { Place } from "../../state/places";

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

/** So far in a cell's past: one that reads from the end has it after what is looked at. */
export function pastText(steps: number, isReversed: boolean): string {
  return `${counted(steps, "time step")} ${isReversed ? "after" : "before"}`;
}

const short = format(".3~r");
const shortExponent = format(".2~e");
const oneDecimal = format(".1f");

/** A number in three digits at most, for axes and colour bars. */
export function brief(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude === 0 || (magnitude >= 1e-3 && magnitude < 1e5)) {
    return short(value);
  }
  const text = shortExponent(value);
  const power = /^(−?)1e([+-]\d+)$/.exec(text);
  return power ? `${power[1]}${powerOfTen(Number(power[2]))}` : text;
}

/** A number in three digits at most, or that there is none. */
export function valueText(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? "none" : brief(value);
}

/** A share as percent; never 0 where there is something. */
export function percent(share: number): string {
  return share > 0 && share < 0.001 ? "<0.1 %" : `${oneDecimal(share * 100)} %`;
}

/** What stands at the part of a matrix that a gate has; what is of a cell, not of a matrix, needs no name. */
export function gateName(kind: Kind, gate: string): string {
  if (gate !== WHOLE) {
    return words(gate);
  }
  return isOfMatrices(kind) ? "whole matrix" : "";
}

/** A statistic, as it stands on screen. */
export function statisticName(name: string): string {
  return STATISTIC_NAMES[name] ?? words(name);
}

const STATISTIC_NAMES: Record<string, string> = {
  l2_norm: "L2 norm",
  nan: "NaN",
  positive_infinity: "+infinity",
  negative_infinity: "−infinity",
  zero: "zeros",
  low_share: "share below 0.1",
  high_share: "share above 0.9",
};

type Shape = Pick<Series, "matrix" | "gates" | "rows" | "columns">;

/** What a column of a gate is: how a matrix that is not divided by gates packs its units isn't known. */
export function columnWord(
  kind: Kind,
  { matrix, gates }: Pick<Series, "matrix" | "gates">,
): string {
  if (hasTime(kind)) {
    return "time";
  }
  const isPacked = isOfMatrices(kind) && gates[0] === WHOLE && matrix !== "projection";
  return isPacked ? "column" : "unit";
}

/** So many columns: `8 units`, `40 time steps`. */
function columnsText(kind: Kind, series: Shape): string {
  return counted(series.columns, hasTime(kind) ? "time step" : columnWord(kind, series));
}

const ROW_NOUNS: Record<Kind["rows"], string> = {
  input: "row",
  unit: "unit",
  "loss time": "time step",
};

/** How large a matrix is: `5 rows, 4 gates of 8 units`. */
export function sizeText(kind: Kind, series: Shape): string {
  const isWhole = series.gates[0] === WHOLE;
  const gates = isWhole ? "" : `${counted(series.gates.length, partNoun(kind))} of `;
  return `${counted(series.rows, ROW_NOUNS[kind.rows])}, ${gates}${columnsText(kind, series)}`;
}

/** What the parts of a matrix are that stand side by side. */
function partNoun({ has_gates }: Kind): string {
  return has_gates ? "gate" : "part";
}

/** What comes in by a row of a matrix, where it is known. */
const INPUT_WORDS: Record<string, string> = {
  kernel: "inputs",
  recurrent_kernel: "units",
  projection: "units",
};

/** What the rows of a matrix are: `64 inputs`, `128 units`, of a convolution `3 × 3 × 16`. */
export function rowsText(
  kind: Kind,
  { matrix, row_shape, rows, of }: Pick<Series, "matrix" | "row_shape" | "rows" | "of">,
): string {
  if (kind.rows === "loss time") {
    return `time of the ${of} ↓`;
  }
  if (!isOfMatrices(kind)) {
    return counted(rows, ROW_NOUNS[kind.rows]);
  }
  const sizes = row_shape.map(grouped).join(" × ");
  return row_shape.length > 1 ? sizes : `${sizes} ${INPUT_WORDS[matrix] ?? "rows"}`;
}

/**
 * Which cell of a matrix it is.
 *
 * A strip's row needs no number; a convolution's has one on each axis besides.
 */
export function cellText(
  kind: Kind,
  series: Pick<Series, "matrix" | "gates" | "rows" | "row_shape" | "of">,
  row: number,
  column: number,
): string {
  const where = `${columnWord(kind, series)} ${column}`;
  if (kind.rows === "loss time") {
    return `${series.of === "outputs" ? "output" : "loss"} at time ${row} ← ${where}`;
  }
  if (kind.rows === "unit") {
    return `unit ${row} ${hasTime(kind) ? "at" : "×"} ${where}`;
  }
  if (series.rows === 1) {
    return where;
  }
  const place = placeOfRow(row, series.row_shape);
  const channel = place.pop();
  const inKernel = place.length > 0 ? `: kernel [${place.join(", ")}], channel ${channel}` : "";
  return `row ${row}${inKernel} → ${where}`;
}

/** Why a cell holds no number. */
export function maskedText(kind: Kind): string {
  return hasTime(kind) ? "masked" : "none: it never changes";
}

/**
 * Why a matrix has no numbers of a kind.
 *
 * @param isExplained - Whether a notice beside it says why.
 * @param hasRunAny - Whether its run has any of that kind.
 */
export function absentText(
  { is_trained }: Pick<Series, "is_trained">,
  kind: string,
  { isExplained, hasRunAny }: { isExplained: boolean; hasRunAny: boolean },
): string {
  const what = words(kind);
  if (!is_trained) {
    return `Frozen: it is not trained, so it has no ${what}.`;
  }
  if (isExplained) {
    return `No ${what} were logged.`;
  }
  return hasRunAny
    ? `No ${what} were logged, and no reason is known: perhaps the loss does not depend on it.`
    : `No ${what} were logged in this run.`;
}

/** A sentence with its full stop, and a capital letter where it begins with a word; a name stays as it is. */
export function sentence(text: string): string {
  const begun = text.replace(/^[a-z]+(?= )/, (word) => word[0]?.toUpperCase() + word.slice(1));
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}

/** A place in a model: `lstm_1 backward cell 2`. */
export function placeText({ layer, direction, index }: Place): string {
  return [layer, direction, index > 0 ? `cell ${index}` : null].filter(Boolean).join(" ");
}

/** One gate of a matrix in words: `forget gate of the kernel`; a matrix without gates is all there is. */
export function gateOf(gate: string, matrix: string): string {
  return gate === WHOLE ? words(matrix) : `${words(gate)} gate of the ${words(matrix)}`;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A power of ten: `10⁻⁶`; 1 and 10 in full. */
export function powerOfTen(exponent: number): string {
  if (exponent === 0 || exponent === 1) {
    return String(10 ** exponent);
  }
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]);
  return `10${exponent < 0 ? "⁻" : ""}${digits.join("")}`;
}

/** What is not finite, in words: `NaN in the forget gate of the kernel, first at step 1,200 (1 value)`. */
export function nonfiniteText(finding: Nonfinite, matrix: string): string {
  const what = nonfiniteWord(finding.value);
  const where = gateOf(finding.gate, matrix);
  return `${what} in the ${where}, first at step ${grouped(finding.step)} (${counted(finding.count, "value")})`;
}
