/** A matrix that has no numbers of the shown kind, and why. */

import type { Series } from "../api/catalog";
import { kind } from "../state/selection";
import { words } from "./words";

export function Absent({ series }: { series: Series }) {
  const what = words(kind.value);
  return (
    <div class="matrix absent" data-testid="absent" data-matrix={series.matrix}>
      <div class="row-axis">
        <span class="matrix-name">{words(series.matrix)}</span>
      </div>
      <p>
        {series.is_trained
          ? `No ${what} were logged: the loss may not depend on it.`
          : `Frozen: it is not trained, so it has no ${what}.`}
      </p>
    </div>
  );
}
