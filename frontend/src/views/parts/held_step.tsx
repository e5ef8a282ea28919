/** At which step a run is, where that is another one than the chosen step; and whether it is held there. */

import { holdStep, isHeld, stepIn } from "../../state/selection";
import { grouped } from "./words";

/** @param nearest - The step that is shown of the run: the logged one nearest to the chosen one. */
export function HeldStep({ run, nearest }: { run: string; nearest: number }) {
  const held = isHeld(run);
  const wanted = stepIn(run);
  return (
    <span class="held-step">
      {(held || nearest !== wanted) && (
        <span class="quiet" data-testid="card-step">
          {held ? "held at step" : "nearest step"}: {grouped(nearest)}
        </span>
      )}
      <button
        type="button"
        class="quiet-button"
        data-testid="hold-step"
        data-run={run}
        aria-pressed={held}
        title={
          held
            ? "Let this run follow the chosen step again"
            : "Hold this run at its step while the others go on"
        }
        onClick={() => holdStep(run, held ? null : nearest)}
      >
        {held ? "follow" : "hold"}
      </button>
    </span>
  );
}
