/** What a person can set about the pictures. */

import { signal } from "@preact/signals";

/** What shares one range of colours. */
export type ColorScope = "gate" | "matrix" | "layer" | "runs";

/** How the range of colours is found. */
export type ColorRange = "robust" | "full" | "manual";

/** Which histograms share their axes. */
export type AxesScope = "free" | "matrix" | "layer";

/** How the axis of a histogram runs. */
export type ScaleName = "linear" | "symmetric log" | "log |x|";

export const colorMap = signal("blue–red");
export const colorScope = signal<ColorScope>("runs");
export const colorRange = signal<ColorRange>("robust");
/** The magnitude at the end of the colours, where it is set by hand. */
export const manualLimit = signal(1);
export const absoluteValue = signal(false);
export const showBias = signal(true);
export const axesScope = signal<AxesScope>("matrix");
export const histogramScale = signal<ScaleName>("linear");
export const binCount = signal(60);
