/** How to read the heatmaps, and to go about in them. */

import { colorRange } from "../../state/color_settings";
import {
  areDifferencesShown,
  areOnlyDifferencesShown,
  sharedDifferenceSpan,
} from "../../state/differences";
import { measuredOnScreen, spansOnScreen } from "../../state/shown";
import { scopeOfColors } from "../../state/spans";
import { BeyondLegend, ColorBar, NonfiniteLegend } from "./color_bar";
import { ZoomButtons } from "./zoom_buttons";

export function PictureKey() {
  const [anyLoaded] = measuredOnScreen.value;
  const scope = scopeOfColors();
  const isShared = scope === "runs" || colorRange.value === "manual";
  // Each card has a bar of its own there.
  const isOfLayers = scope === "layer";
  return (
    <span class="right">
      <ZoomButtons />
      <BeyondLegend />
      <NonfiniteLegend />
      {!isOfLayers && !areOnlyDifferencesShown.value && (
        <ColorBar
          span={isShared && anyLoaded ? spansOnScreen.value(anyLoaded, 0) : null}
          isDifference={false}
        />
      )}
      {!isOfLayers && areDifferencesShown.value && (
        <ColorBar span={isShared ? sharedDifferenceSpan.value : null} isDifference={true} />
      )}
    </span>
  );
}
