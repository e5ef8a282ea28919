/** The first NaN and infinities, each a way to where it is. */

import { openNonfinite, type PlacedNonfinite } from "../../state/findings";
import { isOpen, kind } from "../../state/selection";
import { nonfiniteText, placeText, words } from "../parts/words";

export function NonfiniteFinding({ placed }: { placed: PlacedNonfinite }) {
  const { run, series, nonfinite } = placed;
  return (
    <button
      type="button"
      class="finding fault"
      data-testid="finding"
      data-run={run.run}
      data-gate={nonfinite.gate}
      data-matrix={series.matrix}
      data-step={nonfinite.step}
      title="Go to this step"
      onClick={() => openNonfinite(placed)}
    >
      <i class="swatch" style={{ "--run": run.color }} />
      {whereText(placed)}
      {nonfiniteText(nonfinite, series.matrix)}
    </button>
  );
}

/** Where it is, as far as it is elsewhere than what is looked at. */
function whereText({ run, series }: PlacedNonfinite): string {
  const where = [
    ...(isOpen(run.run, series) ? [] : [placeText(series)]),
    ...(series.kind === kind.value.name ? [] : [words(series.kind)]),
  ];
  return where.length > 0 ? `${where.join(", ")}: ` : "";
}
