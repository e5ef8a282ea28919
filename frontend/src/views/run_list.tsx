/** The runs: which there are, and which of them are shown. */

import { filter, hiddenRuns, listedRuns, runPattern, toggleRun } from "../state/selection";

export function RunList() {
  const pattern = runPattern.value;
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
        {listedRuns.value.map(({ run, color }) => (
          <li key={run}>
            <label class="row" data-testid="run" title={run}>
              <input
                type="checkbox"
                class="swatch-box"
                style={{ "--run": color }}
                checked={!hiddenRuns.value.has(run)}
                onChange={() => toggleRun(run)}
              />
              <span class="name">{run}</span>
            </label>
          </li>
        ))}
      </ul>
      {listedRuns.value.length === 0 && <p class="quiet">No run matches.</p>}
    </section>
  );
}
