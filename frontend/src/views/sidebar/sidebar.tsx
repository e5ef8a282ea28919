/** What can be chosen: runs, layers, and how they are drawn. */

import { COLOR_MAPS } from "../../paint/color_maps";
import {
  absoluteValue,
  colorMap,
  colorRange,
  colorScale,
  colorScope,
  manualLimit,
} from "../../state/color_settings";
import { axesScope, binCount, histogramScale } from "../../state/histogram_settings";
import { isOfMatrices } from "../../state/kinds";
import { hasSeries, kind } from "../../state/selection";
import { showBias } from "../../state/unit_settings";
import { Choice } from "../parts/choice";
import { Toggle } from "../parts/toggle";
import { LayerList } from "./layer_list";
import { RunList } from "./run_list";

export function Sidebar() {
  return (
    <nav class="sidebar" aria-label="Runs, layers and settings">
      <RunList />
      <LayerList />
      {hasSeries.value && <Settings />}
    </nav>
  );
}

function Settings() {
  return (
    <>
      <section aria-label="Heatmaps">
        <h2>Heatmaps</h2>
        <Choice label="Colours" value={colorMap} options={COLOR_MAPS.map((name) => [name, name])} />
        <Choice
          label="Mapping"
          value={colorScale}
          options={[
            ["automatic", "automatic"],
            ["linear", "linear"],
            ["log", "log"],
          ]}
        />
        <Choice
          label="Shared by"
          value={colorScope}
          options={[
            ["runs", "all runs"],
            ["layer", "layer"],
            ["matrix", "matrix"],
            ["gate", "gate"],
          ]}
        />
        <Choice
          label="Range"
          value={colorRange}
          options={[
            ["robust", "99.5 %"],
            ["full", "full"],
            ["manual", "by hand"],
          ]}
        />
        {colorRange.value === "manual" && <ManualLimit />}
        <Toggle label="Absolute value" value={absoluteValue} />
        {isOfMatrices(kind.value) && <Toggle label="Bias" value={showBias} />}
      </section>
      <section aria-label="Histograms">
        <h2>Histograms</h2>
        <Choice
          label="Axes"
          value={axesScope}
          options={[
            ["matrix", "by matrix"],
            ["layer", "shared"],
            ["free", "free"],
          ]}
        />
        <Choice
          label="Scale"
          value={histogramScale}
          options={[
            ["automatic", "automatic"],
            ["linear", "linear"],
            ["symmetric log", "symmetric log"],
            ["log |x|", "log |x|"],
          ]}
        />
        <label class="field">
          <span>Bins</span>
          <input
            type="number"
            min={5}
            max={400}
            value={binCount.value}
            onChange={({ currentTarget }) => {
              binCount.value = Math.round(
                Math.min(400, Math.max(5, currentTarget.valueAsNumber || 60)),
              );
              currentTarget.value = String(binCount.value);
            }}
          />
        </label>
      </section>
    </>
  );
}

function ManualLimit() {
  return (
    <label class="field">
      <span>Largest |x|</span>
      <input
        type="number"
        min={0}
        step="any"
        value={manualLimit.value}
        onChange={({ currentTarget }) => {
          if (currentTarget.valueAsNumber > 0) {
            manualLimit.value = currentTarget.valueAsNumber;
          }
          currentTarget.value = String(manualLimit.value);
        }}
      />
    </label>
  );
}
