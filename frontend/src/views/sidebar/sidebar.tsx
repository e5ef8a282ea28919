/** What can be chosen: runs, layers, and how they are drawn. */

import { signal } from "@preact/signals";
import { hasSeries } from "../../state/selection";
import { HeatmapSettings } from "../heatmaps/heatmap_settings";
import { HistogramSettings } from "../histograms/histogram_settings";
import { LayerList } from "./layer_list";
import { RunList } from "./run_list";

/** Whether it is open where the window is too narrow to show it all the time. */
const isUnfolded = signal(false);

export function Sidebar() {
  return (
    <nav class="sidebar" aria-label="Runs, layers and settings" data-unfolded={isUnfolded.value}>
      <button
        type="button"
        class="unfold"
        aria-expanded={isUnfolded.value}
        data-testid="unfold-sidebar"
        onClick={() => {
          isUnfolded.value = !isUnfolded.value;
        }}
      >
        <svg viewBox="0 0 10 10" aria-hidden="true">
          <path d="M2 3l3 4 3-4" />
        </svg>
        Runs, layers and settings
      </button>
      <div class="choices">
        <RunList />
        <LayerList />
        {hasSeries.value && (
          <>
            <HeatmapSettings />
            <HistogramSettings />
          </>
        )}
      </div>
    </nav>
  );
}
