/** What the shades of curves mean: from the first step, faint, to the last. */

import { steps } from "../../state/selection";
import { grouped } from "./words";

export function StepRamp() {
  const all = steps.value;
  const [first] = all;
  const last = all.at(-1);
  return first === undefined || last === undefined || first === last ? null : (
    <span class="step-ramp">
      step {grouped(first)} <i /> {grouped(last)}
    </span>
  );
}
