/** THE table of statistics that the whole model can be coloured by. A further one is one more row. */

import { answered, type BlockStatistic, NONFINITE, shareOf } from "./block_statistics";

/** A number of a block at one step. */
export interface GlanceStatistic extends BlockStatistic {
  name: string;
  label: string;
  /** What it tells, in one sentence. */
  help: string;
  /** Whether it is a share, from 0 to 1. */
  isShare: boolean;
  /** Whether it tells how far a block is from what it is compared with, and so needs that. */
  isComparison?: boolean;
}

/** The statistics, the default first. */
export const STATISTICS: readonly [GlanceStatistic, ...GlanceStatistic[]] = [
  {
    name: "norm",
    label: "norm",
    help: "The L2 norm of a block's finite values.",
    isShare: false,
    ...answered("l2_norm"),
  },
  {
    name: "mean",
    label: "mean",
    help: "The mean of a block's finite values.",
    isShare: false,
    ...answered("mean"),
  },
  {
    name: "standard_deviation",
    label: "standard deviation",
    help: "The standard deviation of a block's finite values.",
    isShare: false,
    ...answered("standard_deviation"),
  },
  {
    name: "change",
    label: "change since the first step",
    help: "How far a block's values have moved from those of its first step: the Wasserstein-1 distance of both histograms, as a multiple of the mean magnitude at the first step.",
    isShare: false,
    ...answered("distribution_change"),
  },
  {
    name: "distance",
    label: "distance to what is compared with",
    help: "How far a block's values are from those that they are compared with at this step: the Wasserstein-1 distance of both histograms, as a multiple of the mean magnitude of both.",
    isShare: false,
    isComparison: true,
    ...answered("relative_wasserstein"),
  },
  {
    name: "zeros",
    label: "share of zeros",
    help: "The share of a block's values that are exactly zero.",
    isShare: true,
    ...shareOf(["zero"]),
  },
  {
    name: "nonfinite",
    label: "share of NaN and infinity",
    help: "The share of a block's values that are NaN or infinite.",
    isShare: true,
    ...shareOf(NONFINITE),
  },
];
