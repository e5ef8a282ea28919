/** From quantiles over the steps to the paths of bands. */

import { area, line } from "d3-shape";
import type { PlotScales } from "../parts/step_plot";

/** What is filled, from the outermost band to the innermost one: the places of its ends among the quantiles. */
const FILLED = [
  [0, 6],
  [1, 5],
  [2, 4],
] as const;
const OUTER = [1, 5] as const;
const MEDIAN = 3;

/** The quantiles of one step. */
export interface BandStep {
  step: number;
  /** Those of `BAND_SHARES`; NaN where nothing is finite. */
  values: readonly number[];
}

/** The paths of one run. */
export interface BandPaths {
  /** From the outermost band to the innermost one. */
  filled: string[];
  /** The 5th and the 95th percentile, for where nothing is filled. */
  outer: string;
  median: string;
}

/** Draws the bands of one run; where nothing is finite there is a gap. */
export function bandPaths(all: readonly BandStep[], { x, y }: PlotScales): BandPaths {
  const at = ({ step }: BandStep) => x(step);
  const height = (place: number) => (one: BandStep) => y(one.values[place] ?? 0);
  const isDrawn = ({ values }: BandStep) => values.every((value) => Number.isFinite(value));
  const curve = (place: number) => line<BandStep>(at, height(place)).defined(isDrawn)(all) ?? "";
  return {
    filled: FILLED.map(
      ([low, high]) => area<BandStep>(at, height(low), height(high)).defined(isDrawn)(all) ?? "",
    ),
    outer: OUTER.map(curve).join(""),
    median: curve(MEDIAN),
  };
}
