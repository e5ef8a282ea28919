/** A matrix that has no numbers of the shown kind, and why. */

import type { Series } from "../../api/catalog";
import { kind } from "../../state/selection";
import { absentText, words } from "../parts/words";

interface Properties {
  series: Series;
  /** Whether a notice on its card says why. */
  isExplained: boolean;
  /** Whether its run has numbers of the shown kind at all. */
  hasRunAny: boolean;
}

export function Absent({ series, ...known }: Properties) {
  return (
    <div class="matrix absent" data-testid="absent" data-matrix={series.matrix}>
      <div class="row-axis">
        <span class="matrix-name">{words(series.matrix)}</span>
      </div>
      <p>{absentText(series, kind.value.name, known)}</p>
    </div>
  );
}
