/** The colours with their numbers. */

import { cssGradient } from "../../paint/color_maps";
import type { Span } from "../../paint/span";
import { colorMap } from "../../state/color_settings";
import { isLog, isSequential } from "../../state/pictures";
import { darkTheme } from "../parts/theme";
import { brief, grouped, percent } from "../parts/words";
import { beyondOnScreen } from "./beyond";
import { special } from "./painting";

/** @param span - Between what the colours run; null where each part has a span of its own. */
export function ColorBar({ span }: { span: Span | null }) {
  const gradient = cssGradient(colorMap.value, darkTheme.value, isSequential.value);
  return (
    <div class="color-bar" data-testid="color-bar">
      <div class="colors">
        {!isSequential.value && <End color={special.value.below} text="<" />}
        <div class="gradient" style={{ background: gradient }} />
        <End color={special.value.above} text=">" />
      </div>
      <div class="numbers">
        {numbers(span).map((text) => (
          <span key={text}>{text}</span>
        ))}
      </div>
    </div>
  );
}

/** The colour of what lies past an end. */
function End({ color, text }: { color: string; text: string }) {
  const side = text === "<" ? "below" : "above";
  return (
    <>
      {side === "above" && <span class="mark">{text}</span>}
      <i class="end" data-testid={`past-${side}`} style={{ background: color }} />
      {side === "below" && <span class="mark">{text}</span>}
    </>
  );
}

/** What stands below the bar, from left to right. */
function numbers(span: Span | null): string[] {
  const end = span ? brief(span.high) : "limit";
  // What is smaller than the first decade is painted as zero.
  const middle = isLog.value && span ? `≤ ${brief(span.low)}` : "0";
  return isSequential.value ? [middle, end] : [`−${end}`, middle, end];
}

/** How much of what is on screen lies past the ends of its colours; nothing where nothing does. */
export function BeyondLegend() {
  const { beyond, all } = beyondOnScreen.value;
  const { above, below } = special.value;
  return beyond === 0 ? null : (
    <span
      class="legend"
      data-testid="beyond"
      title={`${grouped(beyond)} of ${grouped(all)} cells on screen lie past the ends of their colours`}
    >
      {!isSequential.value && <i style={{ background: below }} />}
      <i style={{ background: above }} /> {percent(beyond / all)} past the ends
    </span>
  );
}

/** What the colours of no colour map mean. */
export function NonfiniteLegend() {
  return (
    <span class="legend">
      <i style={{ background: special.value.nan }} /> NaN{" "}
      <i style={{ background: special.value.infinity }} /> ±infinity
    </span>
  );
}
