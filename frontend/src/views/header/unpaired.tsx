/** The runs of which no layer meets the open one, or one that has nothing to show, each with the choice of one. */

import { isPairedByHand } from "../../state/meetings";
import { openPlaceIn, sayWhichLayer, shownRuns } from "../../state/selection";
import { shownOnScreen } from "../../state/shown";
import { LayerChoice } from "../parts/layer_choice";

export function Unpaired() {
  const onScreen = new Set(shownOnScreen.value.map(({ run }) => run));
  const runs = shownRuns.value.filter(
    ({ run, series }) =>
      series.length > 0 && !onScreen.has(run) && (!openPlaceIn(run) || isPairedByHand(run)),
  );
  return runs.length === 0 || !sayWhichLayer.value ? null : (
    <p class="quiet unpaired" data-testid="unpaired">
      Not shown here:
      {runs.map((run) => (
        <span key={run.run}>
          <i class="swatch" style={{ "--run": run.color }} />
          <span class="name">{run.run}</span>
          <LayerChoice run={run} />
        </span>
      ))}
    </p>
  );
}
