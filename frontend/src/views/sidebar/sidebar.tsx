/** What can be chosen: runs, layers, and how they are drawn. */

import { hasSeries } from "../../state/selection";
import { HeatmapSettings } from "../heatmaps/heatmap_settings";
import { HistogramSettings } from "../histograms/histogram_settings";
import { LayerList } from "./layer_list";
import { RunList } from "./run_list";

export function Sidebar() {
  return (
    <nav class="sidebar" aria-label="Runs, layers and settings">
      <RunList />
      <LayerList />
      {hasSeries.value && (
        <>
          <HeatmapSettings />
          <HistogramSettings />
        </>
      )}
    </nav>
  );
}
