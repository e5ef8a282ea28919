/** The colours with their numbers. */

import { cssGradient } from "../paint/color_maps";
import { absoluteValue, colorMap } from "../state/settings";
import { darkTheme } from "./theme";
import { brief } from "./words";

/** @param limit - The magnitude at the ends; null where each part has one of its own. */
export function ColorBar({ limit }: { limit: number | null }) {
  const isAbsolute = absoluteValue.value;
  const gradient = cssGradient(colorMap.value, darkTheme.value, isAbsolute);
  const end = limit === null ? "limit" : brief(limit);
  const numbers = isAbsolute ? ["0", end] : [`−${end}`, "0", end];
  return (
    <div class="color-bar" data-testid="color-bar">
      <div class="gradient" style={{ background: gradient }} />
      <div class="numbers">
        {numbers.map((text) => (
          <span key={text}>{text}</span>
        ))}
      </div>
    </div>
  );
}

/** What the colours of no colour map mean. */
export function NonfiniteLegend() {
  return (
    <span class="legend">
      <i class="nan" /> NaN <i class="infinity" /> ±infinity
    </span>
  );
}
