/** The colours with their numbers. */

import type { Span } from "../../paint/span";
import { areOnlyDifferencesShown } from "../../state/differences";
import { isLog } from "../../state/pictures";
import { nonfiniteColors } from "../parts/nonfinite_colors";
import { brief, grouped, percent } from "../parts/words";
import { beyondOnScreen } from "./beyond";
import { lookOf } from "./painting";

interface Properties {
  /** Between what the colours run; null where each part has a span of its own. */
  span: Span | null;
  /** Whether they are those of differences, which have a range of their own. */
  isDifference: boolean;
}

export function ColorBar({ span, isDifference }: Properties) {
  const { isSequential, gradient, special } = lookOf(isDifference);
  return (
    <div
      class="color-bar"
      data-testid="color-bar"
      data-difference={isDifference}
      title={isDifference ? "The range of the differences, not that of the values" : undefined}
    >
      {isDifference && <span class="what">difference Δ</span>}
      <div class="colors">
        {!isSequential && <End color={special.below} text="<" />}
        <div class="gradient" style={{ background: gradient }} />
        <End color={special.above} text=">" />
      </div>
      <div class="numbers">
        {numbers(span, isSequential).map((text) => (
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
function numbers(span: Span | null, isSequential: boolean): string[] {
  const end = span ? brief(span.high) : "limit";
  // What is smaller than the first decade is painted as zero.
  const middle = isLog.value && span ? `≤ ${brief(span.low)}` : "0";
  return isSequential ? [middle, end] : [`−${end}`, middle, end];
}

/** How much of what is on screen lies past the ends of its colours; nothing where nothing does. */
export function BeyondLegend() {
  const { beyond, all } = beyondOnScreen.value;
  const { isSequential, special } = lookOf(areOnlyDifferencesShown.value);
  return beyond === 0 ? null : (
    <span
      class="legend"
      data-testid="beyond"
      title={`Of ${grouped(all)} cells on screen that were counted, ${grouped(beyond)} lie past the ends of their colours`}
    >
      {!isSequential && <i style={{ background: special.below }} />}
      <i style={{ background: special.above }} /> {percent(beyond / all)} past the ends
    </span>
  );
}

/** What the colours of no colour map mean. */
export function NonfiniteLegend() {
  return (
    <span class="legend">
      <i style={{ background: nonfiniteColors.value.nan }} /> NaN{" "}
      <i style={{ background: nonfiniteColors.value.infinity }} /> ±infinity
    </span>
  );
}
