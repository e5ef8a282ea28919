/** THE table of statistics that the whole model can be coloured by. A further one is one more row. */

import type { Statistics } from "../decode/statistics";

/** A number of a block at one step. */
export interface GlanceStatistic {
  name: string;
  label: string;
  /** What it tells, in one sentence. */
  help: string;
  /** The statistics that it is made of. */
  needs: readonly string[];
  /** Whether it is a share, from 0 to 1. */
  isShare: boolean;
  /** Whether it can be negative. */
  isSigned: boolean;
  value: (statistics: Statistics, index: number, gate: number) => number;
}

const NONFINITE = ["nan", "positive_infinity", "negative_infinity"] as const;

/** The statistics, the default first. */
export const STATISTICS: readonly [GlanceStatistic, ...GlanceStatistic[]] = [
  {
    name: "norm",
    label: "norm",
    help: "The L2 norm of a block's finite values.",
    needs: ["l2_norm"],
    isShare: false,
    isSigned: false,
    value: (statistics, index, gate) => statistics.statistic(index, gate, "l2_norm"),
  },
  {
    name: "mean",
    label: "mean",
    help: "The mean of a block's finite values.",
    needs: ["mean"],
    isShare: false,
    isSigned: true,
    value: (statistics, index, gate) => statistics.statistic(index, gate, "mean"),
  },
  {
    name: "standard_deviation",
    label: "standard deviation",
    help: "The standard deviation of a block's finite values.",
    needs: ["standard_deviation"],
    isShare: false,
    isSigned: false,
    value: (statistics, index, gate) => statistics.statistic(index, gate, "standard_deviation"),
  },
  {
    name: "change",
    label: "change since the first step",
    help: "How far a block's values have moved from those of its first step: the Wasserstein-1 distance of both histograms, as a multiple of the mean magnitude at the first step.",
    needs: ["distribution_change"],
    isShare: false,
    isSigned: false,
    value: (statistics, index, gate) => statistics.statistic(index, gate, "distribution_change"),
  },
  {
    name: "zeros",
    label: "share of zeros",
    help: "The share of a block's values that are exactly zero.",
    needs: ["zero", "count"],
    isShare: true,
    isSigned: false,
    value: (statistics, index, gate) =>
      statistics.statistic(index, gate, "zero") / statistics.statistic(index, gate, "count"),
  },
  {
    name: "nonfinite",
    label: "share of NaN and infinity",
    help: "The share of a block's values that are NaN or infinite.",
    needs: [...NONFINITE, "count"],
    isShare: true,
    isSigned: false,
    value: (statistics, index, gate) => {
      const all = NONFINITE.map((name) => statistics.statistic(index, gate, name));
      return (
        all.reduce((sum, count) => sum + count, 0) / statistics.statistic(index, gate, "count")
      );
    },
  },
];
