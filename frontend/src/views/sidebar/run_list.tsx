/** The runs: which there are, and which of them are shown. */

import { areNoticesOpen } from "../../state/notices";
import {
  areNoticesShown,
  filter,
  listedRuns,
  runPattern,
  shownRuns,
  showRun,
} from "../../state/selection";
import { counted } from "../parts/words";

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
                onChange={(event) => showRun(run, event.currentTarget.checked)}
              />
              <span class="name">{run}</span>
            </label>
            {notices.length > 0 && <NoticesMark run={run} count={notices.length} />}
          </li>
        ))}
      </ul>
      {listed.length === 0 && <p class="quiet">No run matches.</p>}
      {shown.size < listed.length && (
        <p class="quiet">
          {shown.size} of {listed.length} shown
        </p>
      )}
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
