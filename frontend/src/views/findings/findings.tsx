/** What is wrong, in a strip above the pictures: each finding leads to where it began. */

import { signal } from "@preact/signals";
import {
  findings,
  holdsNow,
  openFinding,
  type PlacedFinding,
  ruleText,
} from "../../state/findings";
import { findingText } from "../parts/finding_text";
import { NonfiniteFindings, nonfiniteOnScreen } from "./nonfinite";

const SHOWN_AT_FIRST = 6;

const isOpen = signal(false);

export function Findings() {
  const all = findings.value;
  const shown = isOpen.value ? all : all.slice(0, SHOWN_AT_FIRST);
  const nonfinite = nonfiniteOnScreen();
  return all.length + nonfinite.length === 0 ? null : (
    <ul class="findings" aria-label="Findings">
      <NonfiniteFindings all={nonfinite} />
      {shown.map((one) => (
        <li key={keyOf(one)}>
          <RuleFinding placed={one} />
        </li>
      ))}
      {all.length > SHOWN_AT_FIRST && (
        <li>
          <button
            type="button"
            class="quiet-button"
            aria-expanded={isOpen.value}
            onClick={() => {
              isOpen.value = !isOpen.value;
            }}
          >
            {isOpen.value ? "fewer" : `${all.length - SHOWN_AT_FIRST} more`}
          </button>
        </li>
      )}
    </ul>
  );
}

function RuleFinding({ placed }: { placed: PlacedFinding }) {
  const { run, series, finding } = placed;
  const holds = holdsNow(finding);
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
      title={`${ruleText(finding.rule)}\nGo to the step at which it began.`}
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
