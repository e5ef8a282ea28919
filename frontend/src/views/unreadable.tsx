/** The series that can't be read, with the reasons. */

import { listedRuns } from "../state/selection";

export function Unreadable() {
  const found = listedRuns.value.flatMap(({ run, unreadable }) =>
    unreadable.map((one) => ({ run, ...one })),
  );
  return found.length === 0 ? null : (
    <details class="card fault" data-testid="unreadable">
      <summary>{found.length} series can't be read</summary>
      <ul>
        {found.map(({ run, tag, reason }) => (
          <li key={`${run} ${tag}`}>
            <b>{run}</b> {tag}: {reason}
          </li>
        ))}
      </ul>
    </details>
  );
}
