/** What a rule found, in words. */

import { format } from "d3-format";
import type { Finding, Series } from "../../api/catalog";
import { WHOLE } from "../../state/columns";
import { brief, gateOf, grouped, pastText, percent, placeText, words } from "./words";

type Place = Pick<Series, "kind" | "layer" | "direction" | "index" | "matrix" | "is_reversed">;

interface Found {
  /** The gate and what it is of. */
  where: string;
  value: number;
  series: Place;
}

/** A share as whole percent. */
function share(value: number): string {
  return `${format(".0f")(value * 100)} %`;
}

/** How what each rule found is put; of a rule that isn't here, its name and its number are told. */
const PHRASES: Record<string, (found: Found) => string> = {
  saturated: ({ where, value }) => `${where} is saturated: ${share(value)} of its values`,
  forget_gate_shut: ({ where, value }) => `${where} is shut: ${brief(value)} on average`,
  silent_units: ({ where, value }) => `${share(value)} of the units of ${where} are silent`,
  vanishing_flow: ({ where, value, series }) =>
    `the gradient vanishes ${pastText(value, series.is_reversed)} its peak in ${where}`,
  exploding_gradient: ({ where, value }) =>
    `the gradient explodes in the ${where}: its norm is ${brief(value)}`,
  vanishing_gradient: ({ where, value }) =>
    `the gradient vanishes in the ${where}: its root mean square is ${brief(value)}`,
  dead_units: ({ where, value, series }) =>
    `${percent(value)} of the units have only zeros as ${words(series.kind)} in the ${where}`,
  unmoved: ({ where, value }) =>
    `${where} does not move: its update is ${brief(value)} of its norm`,
};

/** One finding in words: `forget gate of lstm_1 is saturated: 93% of its values, since step 200`. */
export function findingText(series: Place, finding: Finding): string {
  const { first_step: first, last_step: last } = finding;
  const when = last === null ? `since step ${grouped(first)}` : stepsText(first, last);
  return `${phrase(series, finding)}, ${when}`;
}

function phrase(series: Place, { rule, gate, value }: Finding): string {
  const where = whereText(series, gate);
  return PHRASES[rule]?.({ where, value, series }) ?? `${where}: ${words(rule)}, ${brief(value)}`;
}

/** Where it was found: `forget gate of lstm_1`, and of which of its matrices, where it is of one. */
function whereText(series: Place, gate: string): string {
  const place = placeText(series);
  // What is of no matrix has its kind's name in the place of one.
  if (series.matrix !== series.kind) {
    return `${gateOf(gate, series.matrix)} of ${place}`;
  }
  return gate === WHOLE ? place : `${words(gate)} gate of ${place}`;
}

function stepsText(first: number, last: number): string {
  return first === last
    ? `at step ${grouped(first)}`
    : `steps ${grouped(first)} to ${grouped(last)}`;
}
