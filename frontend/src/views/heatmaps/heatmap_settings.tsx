/** What a person can set about heatmaps. */

import { COLOR_MAPS } from "../../paint/color_maps";
import {
  absoluteValue,
  colorMap,
  colorRange,
  colorScale,
  colorScope,
  colorSteps,
  manualLimit,
} from "../../state/color_settings";
import { isOfMatrices } from "../../state/kinds";
import { kind } from "../../state/selection";
import { heatmapOrder } from "../../state/unit_order";
import { showBias } from "../../state/unit_settings";
import { Choice } from "../parts/choice";
import { Toggle } from "../parts/toggle";

export function HeatmapSettings() {
  return (
    <section aria-label="Settings of heatmaps">
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
          ["automatic", "automatic"],
          ["runs", "all on screen"],
          ["layer", "layer of a run"],
          ["matrix", "matrix of all runs"],
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
      {colorRange.value === "manual" ? (
        <ManualLimit />
      ) : (
        <Choice
          label="Range of"
          value={colorSteps}
          options={[
            ["automatic", "automatic"],
            ["all", "all steps"],
            ["one", "this step"],
          ]}
        />
      )}
      <Choice
        label="Order"
        value={heatmapOrder}
        options={[
          ["stored", "as stored"],
          ["norm", "by norm"],
          ["clustered", "clustered"],
        ]}
      />
      <Toggle label="Absolute value" value={absoluteValue} />
      {isOfMatrices(kind.value) && <Toggle label="Bias" value={showBias} />}
    </section>
  );
}

/** The magnitude at both ends of the colours. */
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
