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
import { counted } from "../parts/words";
import { NonfiniteFindings, nonfiniteOnScreen } from "./nonfinite";

const SHOWN_AT_FIRST = 6;

const isOpen = signal(false);

export function Findings() {
  const all = findings.value;
  const current = all.filter(({ finding }) => holdsNow(finding)).slice(0, SHOWN_AT_FIRST);
  const shown = isOpen.value ? all : current;
  const nonfinite = nonfiniteOnScreen();
  return all.length + nonfinite.length === 0 ? null : (
    <ul class="findings" aria-label="Findings">
      <NonfiniteFindings all={nonfinite} />
      {shown.map((one) => (
        <li key={keyOf(one)}>
          <RuleFinding placed={one} />
        </li>
      ))}
      {all.length > current.length && (
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
            {isOpen.value ? "fewer" : moreText(all.length - current.length, current.length > 0)}
          </button>
        </li>
      )}
    </ul>
  );
}

/** What leads to the other findings, most of which are of other steps. */
function moreText(count: number, areSomeShown: boolean): string {
  return areSomeShown ? `${count} more` : `${counted(count, "finding")} at other steps`;
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
