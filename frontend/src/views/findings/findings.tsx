/** What is wrong, in a strip above the pictures: each finding leads to where it began. */

import { signal } from "@preact/signals";
import {
  findings,
  foremostNonfinite,
  holdsNow,
  nonfinite,
  openFinding,
  type PlacedFinding,
  ruleText,
} from "../../state/findings";
import { findingText } from "../parts/finding_text";
import { counted } from "../parts/words";
import { NonfiniteFinding } from "./nonfinite";

const SHOWN_AT_FIRST = 6;

const isOpen = signal(false);

export function Findings() {
  const all = findings.value;
  const current = all.filter(({ finding }) => holdsNow(finding)).slice(0, SHOWN_AT_FIRST);
  const shown = isOpen.value ? all : current;
  const foremost = foremostNonfinite.value;
  const shownNonfinite = isOpen.value ? nonfinite.value : foremost;
  const hidden = all.length - current.length + (nonfinite.value.length - foremost.length);
  return all.length + nonfinite.value.length === 0 ? null : (
    <ul class="findings" aria-label="Findings">
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
