/** Rules in words, with the thresholds by which they find something now. */

import type { Rule } from "../../api/catalog";
import { thresholdOf } from "../../state/thresholds";
import { brief } from "../parts/words";

const PLACE = "{threshold}";

/** What stands before and after the threshold in a rule's sentence. */
export function aroundThreshold({ sentence }: Rule): [string, string] {
  const place = sentence.indexOf(PLACE);
  return [sentence.slice(0, place), sentence.slice(place + PLACE.length)];
}

/** A rule in one sentence. */
export function ruleText(rule: Rule): string {
  return aroundThreshold(rule).join(thresholdText(rule, thresholdOf(rule)));
}

/** A threshold as it stands in a sentence. */
export function thresholdText({ is_percent }: Rule, value: number): string {
  return is_percent ? `${brief(100 * value)} %` : brief(value);
}
