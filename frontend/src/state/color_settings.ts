/** What a person can set about the colours of heatmaps. */

import { signal } from "@preact/signals";

/** What shares one range of colours: each gate or each layer of one run, the same matrix of all runs, or all. */
export type ColorScope = "automatic" | "gate" | "matrix" | "layer" | "runs";

/** Whether the range is that of all steps, of the shown one, or as the shown kind is as a rule. */
export type ColorSteps = "automatic" | "all" | "one";

/** How the range of colours is found. */
export type ColorRange = "robust" | "full" | "manual";

/** How numbers become colours: automatic, by what the shown kind is as a rule, or one of the others. */
export type ColorScale = "automatic" | "linear" | "log";

export const colorMap = signal("blue–red");
export const colorScope = signal<ColorScope>("automatic");
export const colorSteps = signal<ColorSteps>("automatic");
export const colorRange = signal<ColorRange>("robust");
/** The magnitude at the end of the colours, where it is set by hand. */
export const manualLimit = signal(1);
export const colorScale = signal<ColorScale>("automatic");
export const absoluteValue = signal(false);
