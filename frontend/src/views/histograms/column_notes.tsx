/** What should be known of a matrix, of each run where not all say the same. */

import { measuredOnScreen } from "../../state/shown";

export function ColumnNotes({ matrix }: { matrix: string }) {
  const having = measuredOnScreen.value.filter(({ series }) => series.matrix === matrix);
  const notes = new Set(having.map(({ series }) => series.note));
  return (
    <>
      {(notes.size > 1 ? having : having.slice(0, 1))
        .filter(({ series }) => series.note)
        .map(({ run, color, series }) => (
          <small key={run} data-testid="column-note" title={run}>
            {notes.size > 1 && <i class="swatch" style={{ "--run": color }} />} {series.note}
          </small>
        ))}
    </>
  );
}
