/** What a rule found, in words. */

import { format } from "d3-format";
import type { Finding, Series } from "../../api/catalog";
import { WHOLE } from "../../state/columns";
import { brief, grouped, pastText, placeText, words } from "./words";

type Found = Pick<Finding, "rule" | "gate" | "value">;

/** A share as whole percent. */
function share(value: number): string {
  return `${format(".0f")(value * 100)} %`;
}

/** How what each rule found is put; of a rule that isn't here, its name and its number are told. */
const PHRASES: Record<string, (where: string, value: number, isReversed: boolean) => string> = {
  saturated: (where, value) => `${where} is saturated: ${share(value)} of its values`,
  forget_gate_shut: (where, value) => `${where} is shut: ${brief(value)} on average`,
  silent_units: (where, value) => `${share(value)} of the units of ${where} are silent`,
  vanishing_flow: (where, value, isReversed) =>
    `the gradient vanishes ${pastText(value, isReversed)} its peak in ${where}`,
  exploding_gradient: (where, value) =>
    `the gradient of ${where} explodes: its norm is ${brief(value)}`,
  vanishing_gradient: (where, value) =>
    `the gradient of ${where} vanishes: its root mean square is ${brief(value)}`,
  dead_units: (where, value) => `${percent(value)} of the units of ${where} are dead: all zero`,
  unmoved: (where, value) => `${where} doesn’t move: by ${brief(value)} of its norm`,
};

/** One finding in words: `forget gate of lstm_1 is saturated: 93% of its values, since step 200`. */
export function findingText(
  series: Pick<Series, "layer" | "direction" | "index" | "is_reversed">,
  finding: Finding,
): string {
  const { first_step: first, last_step: last } = finding;
  const when = last === null ? `since step ${grouped(first)}` : stepsText(first, last);
  return `${phrase(placeText(series), finding, series.is_reversed)}, ${when}`;
}

function phrase(place: string, { rule, gate, value }: Found, isReversed: boolean): string {
  const where = gate === WHOLE ? place : `${words(gate)} gate of ${place}`;
  const known = PHRASES[rule];
  return known ? known(where, value, isReversed) : `${where}: ${words(rule)}, ${brief(value)}`;
}

function stepsText(first: number, last: number): string {
  return first === last
    ? `at step ${grouped(first)}`
    : `steps ${grouped(first)} to ${grouped(last)}`;
}
