/** A field for the threshold of a rule, in the place of it in the rule's sentence. */

import { useState } from "preact/hooks";
import type { Rule } from "../../api/catalog";
import { canBeThreshold, setThreshold, thresholdOf } from "../../state/thresholds";
import { words } from "../parts/words";

const PERCENT = 100;
// Of a percent, enough to hide what binary fractions make of it.
const DIGITS = 12;

export function ThresholdField({ rule }: { rule: Rule }) {
  const scale = rule.is_percent ? PERCENT : 1;
  const [isFaulty, setFaulty] = useState(false);
  const { largest } = rule;
  return (
    <span class="threshold">
      <input
        type="number"
        min="0"
        max={largest === null ? undefined : scale * largest}
        step={stepOf(rule)}
        aria-label={`Threshold of the rule ${words(rule.name)}`}
        aria-invalid={isFaulty}
        title={isFaulty ? rangeText(rule, scale) : undefined}
        data-testid="threshold"
        data-rule={rule.name}
        value={fieldText(Number((scale * thresholdOf(rule)).toPrecision(DIGITS)))}
        onChange={(event) => {
          const value = Number((event.currentTarget.valueAsNumber / scale).toPrecision(DIGITS));
          setFaulty(!canBeThreshold(rule, value));
          if (canBeThreshold(rule, value)) {
            setThreshold(rule, value === rule.threshold ? null : value);
          }
        }}
      />
      {rule.is_percent && " %"}
    </span>
  );
}

/** As short as it can be written: the field has room for few zeros. */
function fieldText(value: number): string {
  return value > 0 && value < 1e-3 ? value.toExponential() : String(value);
}

/** How far an arrow of the field goes: 1 in the first digit of the writer's own threshold. */
function stepOf({ threshold, is_percent }: Rule): number {
  return is_percent || threshold === 0 ? 1 : 10 ** Math.floor(Math.log10(threshold));
}

function rangeText({ largest }: Rule, scale: number): string {
  return largest === null ? "A number, 0 or more." : `A number from 0 to ${scale * largest}.`;
}
