/** How bad what is found is: what is not finite first, then by the order of the rules. */

import type { Rule, Run } from "../api/catalog";

type Rules = readonly Pick<Rule, "name">[];

/** Of what is not finite: nothing is worse. */
export const NONFINITE_GRAVITY = 0;

/** Of what a rule finds: the less, the worse. One that nobody knows is the least bad. */
export function gravityOfRule(rules: Rules, name: string): number {
  const place = rules.findIndex((rule) => rule.name === name);
  return 1 + (place < 0 ? rules.length : place);
}

/** Of the worst that is still found in a run; infinite where nothing is. */
export function gravityOfRun(rules: Rules, { series }: Run): number {
  const all = series.flatMap(({ nonfinite, findings }) => [
    ...nonfinite.map(() => NONFINITE_GRAVITY),
    ...findings
      .filter(({ last_step }) => last_step === null)
      .map(({ rule }) => gravityOfRule(rules, rule)),
  ]);
  return Math.min(...all);
}
