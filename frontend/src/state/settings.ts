/** What a person can set about the pictures. */

import { signal } from "@preact/signals";

/** What shares one range of colours. */
export type ColorScope = "gate" | "matrix" | "layer" | "runs";

/** How the range of colours is found. */
export type ColorRange = "robust" | "full" | "manual";

/** How numbers become colours: automatic, by what the shown kind is as a rule, or one of the others. */
export type ColorScale = "automatic" | "linear" | "log";

/** How the axes of timelines run: automatic, by how far the numbers reach, or one of the others. */
export type TimelineScale = "automatic" | "linear" | "log";

/** By what units are sorted. */
export type UnitOrder = "unit" | "largest";

/** Which histograms share their axes. */
export type AxesScope = "free" | "matrix" | "layer";

/** How the axis of a histogram runs. */
export type ScaleName = "linear" | "symmetric log" | "log |x|";

export const colorMap = signal("blue–red");
export const colorScope = signal<ColorScope>("runs");
export const colorRange = signal<ColorRange>("robust");
/** The magnitude at the end of the colours, where it is set by hand. */
export const manualLimit = signal(1);
export const colorScale = signal<ColorScale>("automatic");
export const absoluteValue = signal(false);
export const showBias = signal(true);
export const axesScope = signal<AxesScope>("matrix");
export const histogramScale = signal<ScaleName | "automatic">("automatic");
export const binCount = signal(60);
export const timelineScale = signal<TimelineScale>("automatic");
export const unitOrder = signal<UnitOrder>("unit");
