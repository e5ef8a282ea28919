/** Says of cells that read from the end which way their pictures run. */

import { hasTime } from "../../state/kinds";
import { kind } from "../../state/selection";
import { shownOnScreen } from "../../state/shown";

export function ReversedNote() {
  const runs = hasTime(kind.value) ? shownOnScreen.value : [];
  const reversed = runs.filter(({ shown }) => shown.some(({ series }) => series.is_reversed));
  const who =
    reversed.length === runs.length
      ? "This direction"
      : `In ${reversed.map(({ run }) => run).join(", ")} this layer`;
  return reversed.length === 0 ? null : (
    <p class="quiet reversed" data-testid="reversed">
      {who} reads from the end; time runs as in the forward one.
    </p>
  );
}
