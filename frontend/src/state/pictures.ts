/** How the shown kind is painted, unless a person wants it otherwise. */

import { computed } from "@preact/signals";
import { absoluteValue, colorScale } from "./color_settings";
import { histogramScale, type ScaleName } from "./histogram_settings";
import { isNeverNegative } from "./kinds";
import { kind } from "./selection";

/** Whether colours run over decades. */
export const isLog = computed(() =>
  colorScale.value === "automatic" ? kind.value.spans_decades : colorScale.value === "log",
);

/**
 * Whether colours run from zero to the largest magnitude, rather than from the most negative number.
 *
 * @param isDifference - Whether a difference is painted: that of norms has both signs.
 */
export function isSequential(isDifference: boolean): boolean {
  return absoluteValue.value || (!isDifference && isNeverNegative(kind.value));
}

/** How the axes of histograms run. */
export const histogramAxis = computed<ScaleName>(() => {
  if (histogramScale.value !== "automatic") {
    return histogramScale.value;
  }
  return kind.value.spans_decades ? "log |x|" : "linear";
});
