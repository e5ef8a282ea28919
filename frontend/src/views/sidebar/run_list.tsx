/** The runs: which there are, and which of them are shown. */

import { areNoticesOpen } from "../../state/notices";
import {
  areNoticesShown,
  filter,
  listedRuns,
  runPattern,
  showAutomatically,
  shownRuns,
  showOnly,
  showRuns,
} from "../../state/selection";
import { RunName } from "../parts/run_name";
import { counted } from "../parts/words";

const RUN_CHOICES: readonly { name: string; choose: (runs: readonly string[]) => void }[] = [
  { name: "all", choose: (runs) => showRuns(runs, true) },
  { name: "none", choose: (runs) => showRuns(runs, false) },
  { name: "automatic", choose: showAutomatically },
];

export function RunList() {
  const pattern = runPattern.value;
  const listed = listedRuns.value;
  const shown = new Set(shownRuns.value.map(({ run }) => run));
  return (
    <section aria-label="Runs">
      <h2>Runs</h2>
      <input
        type="search"
        placeholder="Filter runs (regexp)"
        aria-label="Filter runs by a regular expression"
        aria-invalid={pattern instanceof Error}
        data-testid="run-filter"
        value={filter.value}
        onInput={(event) => {
          filter.value = event.currentTarget.value;
        }}
      />
      {pattern instanceof Error && (
        <p class="fault" role="alert" data-testid="filter-error">
          {pattern.message}
        </p>
      )}
      <ul class="list">
        {listed.map(({ run, color, notices }) => (
          <li key={run} class="run">
            <label class="row" data-testid="run" title={run}>
              <input
                type="checkbox"
                class="swatch-box"
                style={{ "--run": color }}
                checked={shown.has(run)}
                onChange={(event) => showRuns([run], event.currentTarget.checked)}
              />
              <RunName run={run} />
            </label>
            <button
              type="button"
              class="quiet-button only"
              data-testid="only-run"
              data-run={run}
              aria-label={`Show only ${run}`}
              onClick={() => showOnly(run)}
            >
              only
            </button>
            {notices.length > 0 && <NoticesMark run={run} count={notices.length} />}
          </li>
        ))}
      </ul>
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
      </p>
    </section>
  );
}

/** Says that there is something to know of a run, and opens the list of it. */
function NoticesMark({ run, count }: { run: string; count: number }) {
  const text = counted(count, "notice");
  return (
    <button
      type="button"
      class="badge mild"
      data-testid="run-notices"
      data-run={run}
      aria-label={`${text} of ${run}`}
      aria-expanded={areNoticesShown.value}
      aria-controls="notices"
      onClick={() => {
        areNoticesOpen.value = !areNoticesOpen.value;
      }}
    >
      {text}
    </button>
  );
}
