/** What a person can set about histograms. */

import { signal } from "@preact/signals";

/** Which histograms share their axes. */
export type AxesScope = "free" | "matrix" | "layer";

/** How the axis of a histogram runs. */
export type ScaleName = "linear" | "symmetric log" | "log |x|";

export const axesScope = signal<AxesScope>("matrix");
export const histogramScale = signal<ScaleName | "automatic">("automatic");
export const binCount = signal(60);
