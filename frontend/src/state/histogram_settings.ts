/** What a person can set about histograms. */

import { signal } from "@preact/signals";

/** What is drawn of them: the shown step, a ridge a step, or percentiles over the steps. */
export type HistogramView = "step" | "ridges" | "bands";

/** Which histograms share their axes: none, those of a matrix, all, or all with those of the layer's other direction. */
export type AxesScope = "free" | "matrix" | "layer" | "directions";

/** How the axis of a histogram runs. */
export type ScaleName = "linear" | "symmetric log" | "log |x|";

/** What a bin's height is: its share of the values, that by the bin's width, or how many values it has. */
export type HistogramHeight = "share" | "density" | "count";

export const histogramView = signal<HistogramView>("step");
export const axesScope = signal<AxesScope>("matrix");
export const histogramScale = signal<ScaleName | "automatic">("automatic");
export const histogramHeight = signal<HistogramHeight>("share");
export const binCount = signal(60);
/** The run of which ridges are drawn; null stands for the first one. */
export const ridgesRun = signal<string | null>(null);
