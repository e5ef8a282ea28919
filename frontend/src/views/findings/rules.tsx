/** The rules by which something is found, each with its threshold to be changed. */

import type { Rule } from "../../api/catalog";
import { findingsFaults } from "../../state/findings";
import { changedThresholds, rulesAtHand, setThreshold, thresholds } from "../../state/thresholds";
import { words } from "../parts/words";
import { aroundThreshold, thresholdText } from "./rule_text";
import { ThresholdField } from "./threshold_field";

export function Rules() {
  return (
    <section class="card rules" id="rules" aria-label="Rules" data-testid="rules">
      <ul>
        {rulesAtHand.value.map((rule) => (
          <RuleRow key={rule.name} rule={rule} />
        ))}
      </ul>
      {findingsFaults.value.map((text) => (
        <p key={text} class="fault" role="alert">
          {text}
        </p>
      ))}
      {changedThresholds.value.size > 1 && (
        <button
          type="button"
          class="quiet-button"
          data-testid="reset-thresholds"
          onClick={() => {
            thresholds.value = new Map();
          }}
        >
          reset all
        </button>
      )}
    </section>
  );
}

function RuleRow({ rule }: { rule: Rule }) {
  const [before, after] = aroundThreshold(rule);
  return (
    <li data-testid="rule" data-rule={rule.name}>
      {before}
      <ThresholdField rule={rule} />
      {after}
      {changedThresholds.value.has(rule.name) && (
        <button
          type="button"
          class="quiet-button"
          data-testid="reset-threshold"
          data-rule={rule.name}
          aria-label={`Reset the threshold of the rule ${words(rule.name)}`}
          onClick={() => setThreshold(rule, null)}
        >
          reset to {thresholdText(rule, rule.threshold)}
        </button>
      )}
    </li>
  );
}
