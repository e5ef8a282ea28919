/** Which layer of a run is shown, and the choice of another one, where runs don't all have the same names. */

import { isPairedByHand, pairAutomatically, showBeside } from "../../state/meetings";
import { type Place, placeKey, placesOf, type RunPlace } from "../../state/places";
import {
  type ColoredRun,
  choosePlace,
  openPlace,
  openPlaceIn,
  sayWhichLayer,
} from "../../state/selection";
import { placeText } from "./words";

export function LayerChoice({ run }: { run: ColoredRun }) {
  const beside = openPlace.value?.members.find((member) => member.run !== run.run);
  return !beside || !sayWhichLayer.value ? null : (
    <span class="layer-choice quiet">
      Layer <LayerSelect run={run} beside={beside} />
      {isPairedByHand(run.run) && (
        <button
          type="button"
          class="quiet-button"
          data-testid="pair-automatically"
          data-run={run.run}
          title="Show this run's layers beside those of other runs by their place in the model again"
          onClick={() => {
            pairAutomatically(run.run);
            choosePlace(beside.run, beside.place);
          }}
        >
          automatic
        </button>
      )}
    </span>
  );
}

/** @param beside - The place of another run beside which the chosen layer is shown. */
function LayerSelect({ run, beside }: { run: ColoredRun; beside: RunPlace }) {
  const all = new Map(placesOf(run.series).map((place) => [placeKey(place), place]));
  const shown = openPlaceIn(run.run);
  const choose = (place: Place | undefined) => {
    if (place) {
      showBeside({ run: run.run, place }, beside);
      choosePlace(beside.run, beside.place);
    }
  };
  return (
    <select
      data-testid="layer-choice"
      data-run={run.run}
      aria-label={`Layer of ${run.run}`}
      value={shown ? placeKey(shown) : ""}
      onChange={(event) => choose(all.get(event.currentTarget.value))}
    >
      {!shown && <option value="">none</option>}
      {[...all].map(([key, place]) => (
        <option key={key} value={key}>
          {placeText(place)}
        </option>
      ))}
    </select>
  );
}
