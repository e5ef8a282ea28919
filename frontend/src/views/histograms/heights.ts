/** How high the bins of histograms are drawn, and what that means. */

import { format } from "d3-format";
import type { HistogramHeight } from "../../state/histogram_settings";
import { brief, percent } from "../parts/words";
import type { HistogramAxis } from "./axis";

interface Height {
  label: string;
  /** What a bin's height is. */
  hint: (axis: HistogramAxis) => string;
  /** How high one of so many finite values is. */
  ofOne: (total: number, axis: HistogramAxis) => number;
  /** A height on the vertical axis. */
  tick: (height: number) => string;
  /** A height that is read off. */
  text: (height: number) => string;
}

const short = format(".3~s");

/** The ways to draw heights. A further one is one more row. */
export const HEIGHTS: Record<HistogramHeight, Height> = {
  share: {
    label: "share",
    hint: () => "share of the finite values a bin",
    ofOne: (total) => 1 / total,
    tick: (height) => `${brief(100 * height)} %`,
    text: percent,
  },
  density: {
    label: "density",
    hint: ({ unit }) => `share of the finite values by ${unit === "1" ? "unit" : unit} of the axis`,
    ofOne: (total, { binWidth }) => 1 / total / binWidth,
    tick: brief,
    text: brief,
  },
  count: {
    label: "count",
    hint: () => "values a bin",
    ofOne: () => 1,
    tick: (height) => (height < 1 ? brief(height) : short(height)),
    text: brief,
  },
};

/** Heights at which a vertical axis may end: half of each is round, too. */
const ROUND = [1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10];

/** The round number that a vertical axis ends with to reach a height. */
export function roundAbove(height: number): number {
  if (!(height > 0)) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(height));
  const digit = ROUND.find((one) => one * power >= height * (1 - 1e-9)) ?? 10;
  return digit * power;
}
