/** Which of the lines is what all are compared with. */

import { referenceOfHistograms } from "../../state/reference";
import { shownRuns } from "../../state/selection";
import { RunName } from "../parts/run_name";
import { grouped } from "../parts/words";

export function ComparedNote() {
  const to = referenceOfHistograms.value;
  if (!to) {
    return null;
  }
  if ("step" in to) {
    return (
      <p class="quiet line-legend" data-testid="histogram-compared">
        <LineSample name="outline" /> the shown step
        <LineSample name="outline compared" /> step {grouped(to.step)}, which is compared with
      </p>
    );
  }
  const color = shownRuns.value.find(({ run }) => run === to.run)?.color;
  return (
    <p class="quiet line-legend" data-testid="histogram-compared">
      <i class="swatch" style={{ "--run": color }} /> <RunName run={to.run} /> is what the others
      are compared with
    </p>
  );
}

function LineSample({ name }: { name: string }) {
  return (
    <svg class="line-sample" width="26" height="8" aria-hidden="true">
      <path class={name} d="M0 4H26" />
    </svg>
  );
}
