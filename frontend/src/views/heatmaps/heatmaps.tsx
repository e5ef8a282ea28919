/** The heatmaps of the open place: how to read them, and a card a run. */

import { shownOnScreen } from "../../state/shown";
import { PictureKey } from "./picture_key";
import { PlaneChoice } from "./plane_choice";
import { RunCard } from "./run_card";

export function Heatmaps() {
  const runs = shownOnScreen.value;
  const anyShown = runs.some(({ shown }) => shown.length > 0);
  return (
    <section class="heatmaps" aria-label="Heatmaps">
      {anyShown && (
        <div class="toolbar">
          <PlaneChoice />
          <PictureKey />
        </div>
      )}
      <div class="run-cards">
        {runs.map((run) => (
          <RunCard key={run.run} run={run} />
        ))}
      </div>
    </section>
  );
}
