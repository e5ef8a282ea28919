/** What all that is shown is compared with. */

import { chosenReference, type Reference, reference } from "../../state/reference";
import { shortName } from "../../state/run_names";
import { shownRuns, step, steps } from "../../state/selection";
import { grouped } from "../parts/words";

export function ReferenceChoice() {
  const to = reference.value;
  const [first] = steps.value;
  const now = step.value;
  const known = [first, now].filter((at) => at !== undefined && at !== null);
  const chosen = to && "step" in to ? [to.step] : [];
  const offered = [...new Set([...chosen, ...known])];
  return first === undefined ? null : (
    <label class="reference-choice">
      compare with
      <select
        data-testid="reference"
        value={JSON.stringify(to)}
        onChange={(event) => {
          chosenReference.value = JSON.parse(event.currentTarget.value) as Reference | null;
        }}
      >
        <option value="null">nothing</option>
        <optgroup label="a step of the same run">
          {offered.map((at) => (
            <option key={at} value={JSON.stringify({ step: at })}>
              {stepText(at, first)}
            </option>
          ))}
        </optgroup>
        {shownRuns.value.length > 1 && (
          <optgroup label="a run">
            {shownRuns.value.map(({ run }) => (
              <option key={run} value={JSON.stringify({ run })}>
                {shortName(run)}
              </option>
            ))}
          </optgroup>
        )}
      </select>
    </label>
  );
}

function stepText(at: number, first: number): string {
  return at === first ? `step ${grouped(at)}, the first` : `step ${grouped(at)}`;
}
