/** The colours with their numbers. */

import { cssGradient } from "../../paint/color_maps";
import type { Span } from "../../paint/span";
import { colorMap } from "../../state/color_settings";
import { isLog, isSequential } from "../../state/pictures";
import { darkTheme } from "../parts/theme";
import { brief } from "../parts/words";

/** @param span - Between what the colours run; null where each part has a span of its own. */
export function ColorBar({ span }: { span: Span | null }) {
  const gradient = cssGradient(colorMap.value, darkTheme.value, isSequential.value);
  return (
    <div class="color-bar" data-testid="color-bar">
      <div class="gradient" style={{ background: gradient }} />
      <div class="numbers">
        {numbers(span).map((text) => (
          <span key={text}>{text}</span>
        ))}
      </div>
    </div>
  );
}

/** What stands below the bar, from left to right. */
function numbers(span: Span | null): string[] {
  const end = span ? brief(span.high) : "limit";
  // What is smaller than the first decade is painted as zero.
  const middle = isLog.value && span ? `≤ ${brief(span.low)}` : "0";
  return isSequential.value ? [middle, end] : [`−${end}`, middle, end];
}

/** What the colours of no colour map mean. */
export function NonfiniteLegend() {
  return (
    <span class="legend">
      <i class="nan" /> NaN <i class="infinity" /> ±infinity
    </span>
  );
}
