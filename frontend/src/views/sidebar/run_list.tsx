/** The runs: which there are, which of them are shown, and in which order. */

import { showRunFacts } from "../../state/run_facts";
import { runOrder } from "../../state/run_order";
import {
  filter,
  listedRuns,
  runPattern,
  showAutomatically,
  shownRuns,
  showRuns,
} from "../../state/selection";
import { FilterField } from "./filter_field";
import { lastMove } from "./run_moves";
import { RunRow } from "./run_row";

const RUN_CHOICES: readonly { name: string; choose: (runs: readonly string[]) => void }[] = [
  { name: "all", choose: (runs) => showRuns(runs, true) },
  { name: "none", choose: (runs) => showRuns(runs, false) },
  { name: "automatic", choose: showAutomatically },
];

export function RunList() {
  const listed = listedRuns.value;
  const shown = new Set(shownRuns.value.map(({ run }) => run));
  return (
    <section aria-label="Runs">
      <h2>Runs</h2>
      <FilterField
        noun="runs"
        value={filter}
        pattern={runPattern.value}
        id={{ field: "run-filter", fault: "filter-error" }}
      />
      <ul class="list">
        {listed.map((run) => (
          <RunRow key={run.run} run={run} isShown={shown.has(run.run)} />
        ))}
      </ul>
      <p class="hidden-text" role="status" data-testid="run-moved">
        {lastMove.value}
      </p>
      {listed.length === 0 && <p class="quiet">No run matches.</p>}
      <p class="quiet run-choices">
        <span data-testid="shown-count">
          {shown.size} of {listed.length} shown
        </span>
        {RUN_CHOICES.map(({ name, choose }) => (
          <button
            type="button"
            class="link"
            key={name}
            data-testid={`runs-${name}`}
            onClick={() => choose(listed.map(({ run }) => run))}
          >
            {name}
          </button>
        ))}
        <button
          type="button"
          class="link"
          data-testid="run-facts-toggle"
          aria-pressed={showRunFacts.value}
          onClick={() => {
            showRunFacts.value = !showRunFacts.value;
          }}
        >
          {showRunFacts.value ? "no facts" : "facts"}
        </button>
        {runOrder.value.length > 0 && (
          <button
            type="button"
            class="link"
            data-testid="runs-by-name"
            onClick={() => {
              runOrder.value = [];
            }}
          >
            by name
          </button>
        )}
      </p>
    </section>
  );
}
