/** How to read the heatmaps, and to go about in them. */

import { colorScope } from "../../state/color_settings";
import { measuredOnScreen, spansOnScreen } from "../../state/shown";
import { WHOLE, zoom } from "../../state/zoom";
import { ColorBar, NonfiniteLegend } from "./color_bar";

export function PictureKey() {
  const [anyLoaded] = measuredOnScreen.value;
  const shared = colorScope.value === "runs" && anyLoaded ? anyLoaded : null;
  return (
    <span class="right">
      {zoom.value.scale > 1 ? (
        <button
          type="button"
          class="quiet-button"
          onClick={() => {
            zoom.value = WHOLE;
          }}
        >
          Whole matrix
        </button>
      ) : (
        <span class="quiet hint">Ctrl + wheel or pinch to zoom, drag to move</span>
      )}
      <NonfiniteLegend />
      {colorScope.value !== "layer" && <ColorBar span={shared && spansOnScreen.value(shared, 0)} />}
    </span>
  );
}
