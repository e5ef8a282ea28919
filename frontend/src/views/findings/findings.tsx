/** What is wrong, in a strip above the pictures: each finding leads to where it began. */

import { signal } from "@preact/signals";
import {
  findings,
  foremostNonfinite,
  holdsNow,
  nonfinite,
  openFinding,
  type PlacedFinding,
} from "../../state/findings";
import { changedThresholds, rulesAtHand } from "../../state/thresholds";
import { findingText } from "../parts/finding_text";
import { counted } from "../parts/words";
import { NonfiniteFinding } from "./nonfinite";
import { ruleText } from "./rule_text";
import { Rules } from "./rules";

const SHOWN_AT_FIRST = 6;

const isOpen = signal(false);
const areRulesOpen = signal(false);

export function Findings() {
  const all = findings.value;
  const current = all.filter(({ finding }) => holdsNow(finding)).slice(0, SHOWN_AT_FIRST);
  const shown = isOpen.value ? all : current;
  const foremost = foremostNonfinite.value;
  const shownNonfinite = isOpen.value ? nonfinite.value : foremost;
  const hidden = all.length - current.length + (nonfinite.value.length - foremost.length);
  const areThereAny = all.length + nonfinite.value.length > 0;
  return !areThereAny && rulesAtHand.value.length === 0 ? null : (
    <>
      <ul class="findings" aria-label="Findings">
        {!areThereAny && <li class="quiet">No findings.</li>}
        {shownNonfinite.map((placed) => (
          <li
            key={`${placed.run.run} ${placed.series.tag} ${placed.nonfinite.gate} ${placed.nonfinite.value}`}
          >
            <NonfiniteFinding placed={placed} />
          </li>
        ))}
        {shown.map((one) => (
          <li key={keyOf(one)}>
            <RuleFinding placed={one} />
          </li>
        ))}
        {hidden > 0 && (
          <li>
            <button
              type="button"
              class="quiet-button"
              data-testid="more-findings"
              aria-expanded={isOpen.value}
              onClick={() => {
                isOpen.value = !isOpen.value;
              }}
            >
              {isOpen.value ? "fewer" : moreText(hidden, current.length + foremost.length > 0)}
            </button>
          </li>
        )}
        {rulesAtHand.value.length > 0 && (
          <li>
            <RulesButton />
          </li>
        )}
      </ul>
      {areRulesOpen.value && rulesAtHand.value.length > 0 && <Rules />}
    </>
  );
}

/** Opens the rules by which something is found; says whether one is another than the writer's. */
function RulesButton() {
  const changed = changedThresholds.value.size;
  return (
    <button
      type="button"
      class="quiet-button"
      data-testid="open-rules"
      aria-expanded={areRulesOpen.value}
      aria-controls="rules"
      onClick={() => {
        areRulesOpen.value = !areRulesOpen.value;
      }}
    >
      {changed > 0 ? `rules: ${counted(changed, "threshold")} changed` : "rules"}
    </button>
  );
}

/** What leads to the other findings, most of which are of other steps. */
function moreText(count: number, areSomeShown: boolean): string {
  return areSomeShown ? `${count} more` : `${counted(count, "finding")} at other steps`;
}

function RuleFinding({ placed }: { placed: PlacedFinding }) {
  const { run, series, finding } = placed;
  const holds = holdsNow(finding);
  const rule = rulesAtHand.value.find(({ name }) => name === finding.rule);
  return (
    <button
      type="button"
      class={holds ? "finding" : "finding past"}
      data-testid="rule-finding"
      data-run={run.run}
      data-rule={finding.rule}
      data-gate={finding.gate}
      data-layer={series.layer}
      data-step={finding.first_step}
      data-holds={holds}
      title={`${rule ? ruleText(rule) : ""}\nGo to the step at which it began.`}
      onClick={() => openFinding(placed)}
    >
      <i class="swatch" style={{ "--run": run.color }} />
      {findingText(series, finding)}
    </button>
  );
}

function keyOf({ run, series, finding }: PlacedFinding): string {
  return [run.run, series.tag, finding.rule, finding.gate, finding.first_step].join(" ");
}
