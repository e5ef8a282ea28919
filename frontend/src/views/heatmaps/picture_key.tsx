/** How to read the heatmaps, and to go about in them. */

import { colorRange } from "../../state/color_settings";
import { measuredOnScreen, spansOnScreen } from "../../state/shown";
import { scopeOfColors } from "../../state/spans";
import { BeyondLegend, ColorBar, NonfiniteLegend } from "./color_bar";
import { ZoomButtons } from "./zoom_buttons";

export function PictureKey() {
  const [anyLoaded] = measuredOnScreen.value;
  const scope = scopeOfColors();
  const isShared = scope === "runs" || colorRange.value === "manual";
  const shared = isShared && anyLoaded ? anyLoaded : null;
  return (
    <span class="right">
      <ZoomButtons />
      <BeyondLegend />
      <NonfiniteLegend />
      {scope !== "layer" && <ColorBar span={shared && spansOnScreen.value(shared, 0)} />}
    </span>
  );
}
