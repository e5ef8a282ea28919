/** The first NaN and infinities of the open layer, each a way to its step. */

import type { Nonfinite, Series } from "../../api/catalog";
import { chooseStep, openSeries } from "../../state/selection";
import { type ShownRun, shownOnScreen } from "../../state/shown";
import { nonfiniteText } from "../parts/words";

interface Found {
  run: ShownRun;
  series: Series;
  nonfinite: Nonfinite;
}

/** The first NaN and infinities of each run on screen. */
export function nonfiniteOnScreen(): Found[] {
  return shownOnScreen.value.flatMap((run) =>
    openSeries(run).flatMap((series) =>
      series.nonfinite.map((nonfinite) => ({ run, series, nonfinite })),
    ),
  );
}

export function NonfiniteFindings({ all }: { all: readonly Found[] }) {
  return (
    <>
      {all.map(({ run, series, nonfinite }) => (
        <li key={`${run.run} ${series.tag} ${nonfinite.gate} ${nonfinite.value}`}>
          <button
            type="button"
            class="finding fault"
            data-testid="finding"
            data-run={run.run}
            data-gate={nonfinite.gate}
            data-matrix={series.matrix}
            data-step={nonfinite.step}
            title="Go to this step"
            onClick={() => chooseStep(nonfinite.step)}
          >
            <i class="swatch" style={{ "--run": run.color }} />
            {nonfiniteText(nonfinite, series.matrix)}
          </button>
        </li>
      ))}
    </>
  );
}
