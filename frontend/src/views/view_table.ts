/** Which component shows which view: the one table of views. A further view is one more row here. */

import type { ComponentType } from "preact";
import { Flow } from "./flow/flow";
import { Heatmaps } from "./heatmaps/heatmaps";
import { HistogramGrid } from "./histograms/histogram_grid";
import { Saturation } from "./saturation/saturation";
import { Spectrum } from "./spectrum/spectrum";
import { Timelines } from "./timelines/timelines";
import { UnitLines } from "./units/unit_lines";
import { UnitValues } from "./units/unit_values";
import { WeightGradient } from "./weight_gradient/weight_gradient";

export const VIEWS: Readonly<Record<string, ComponentType>> = {
  heatmaps: Heatmaps,
  histograms: HistogramGrid,
  timelines: Timelines,
  flow: Flow,
  saturation: Saturation,
  unit_lines: UnitLines,
  unit_values: UnitValues,
  spectrum: Spectrum,
  weight_gradient: WeightGradient,
};
