/** What a person can set about the colours of heatmaps. */

import { signal } from "@preact/signals";

/** What shares one range of colours. */
export type ColorScope = "gate" | "matrix" | "layer" | "runs";

/** How the range of colours is found. */
export type ColorRange = "robust" | "full" | "manual";

/** How numbers become colours: automatic, by what the shown kind is as a rule, or one of the others. */
export type ColorScale = "automatic" | "linear" | "log";

export const colorMap = signal("blue–red");
export const colorScope = signal<ColorScope>("runs");
export const colorRange = signal<ColorRange>("robust");
/** The magnitude at the end of the colours, where it is set by hand. */
export const manualLimit = signal(1);
export const colorScale = signal<ColorScale>("automatic");
export const absoluteValue = signal(false);
