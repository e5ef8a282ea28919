/** The heatmaps of the open place: how to read them, and a card a run. */

import { useEffect } from "preact/hooks";
import { dueRuns } from "../../state/looked";
import { unpin } from "../../state/pinned_unit";
import { shownOnScreen } from "../../state/shown";
import { isZoomed, WHOLE, zoom } from "../../state/zoom";
import { useWidth } from "../parts/use_width";
import { cardColumns } from "./card_columns";
import { PictureKey } from "./picture_key";
import { PinnedPanel } from "./pinned_panel";
import { PlaneChoice } from "./plane_choice";
import { RunCard } from "./run_card";

export function Heatmaps() {
  const [box, width] = useWidth<HTMLElement>();
  useEscape();
  const runs = shownOnScreen.value;
  const anyShown = runs.some(({ shown }) => shown.length > 0);
  return (
    <section class="heatmaps" aria-label="Heatmaps" ref={box}>
      {anyShown && (
        <div class="toolbar">
          <PlaneChoice />
          <PictureKey />
        </div>
      )}
      <div class="run-cards" style={{ "--columns": cardColumns(runs.length, width) }}>
        {dueRuns.value.map((run) => (
          <RunCard key={run.run} run={run} />
        ))}
      </div>
      {/* Below them, so that a click moves nothing. */}
      <PinnedPanel />
    </section>
  );
}

/** Esc shows the whole matrix again, and lets the pinned unit go where that is shown already. */
function useEscape(): void {
  useEffect(() => {
    const listen = ({ key }: KeyboardEvent) => {
      if (key !== "Escape") {
        return;
      }
      if (isZoomed.peek()) {
        zoom.value = WHOLE;
      } else {
        unpin();
      }
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
