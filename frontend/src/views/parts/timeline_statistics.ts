/** THE table of what timelines show beside the series' own measures. A further one is one more row. */

import type { Statistics } from "../../decode/statistics";
import { statisticName } from "./words";

type Read = (statistics: Pick<Statistics, "statistic">, index: number, gate: number) => number;

/** What a timeline shows. */
export interface TimelineStatistic {
  name: string;
  label: string;
  /** The statistics that it is made of. */
  needs: readonly string[];
  value: Read;
  /** The lower end of a band, of which `value` is the upper one; none where it is a line. */
  low?: Read;
}

const NONFINITE = ["nan", "positive_infinity", "negative_infinity"] as const;

/** The number of that name. */
function own(name: string): Read {
  return (statistics, index, gate) => statistics.statistic(index, gate, name);
}

/** The share of values that some counts make up together. */
function shareOf(counts: readonly string[]): Read {
  return (statistics, index, gate) =>
    counts.reduce((sum, name) => sum + statistics.statistic(index, gate, name), 0) /
    statistics.statistic(index, gate, "count");
}

/** What every series has, in the order in which it is offered. */
export const TIMELINE_STATISTICS: readonly TimelineStatistic[] = [
  { name: "l2_norm", label: "L2 norm", needs: ["l2_norm"], value: own("l2_norm") },
  { name: "mean", label: "mean", needs: ["mean"], value: own("mean") },
  {
    name: "standard_deviation",
    label: "standard deviation",
    needs: ["standard_deviation"],
    value: own("standard_deviation"),
  },
  {
    name: "range",
    label: "minimum to maximum",
    needs: ["minimum", "maximum"],
    value: own("maximum"),
    low: own("minimum"),
  },
  {
    name: "zero_share",
    label: "share of zeros",
    needs: ["zero", "count"],
    value: shareOf(["zero"]),
  },
  {
    name: "nonfinite_share",
    label: "share of NaN and infinity",
    needs: [...NONFINITE, "count"],
    value: shareOf(NONFINITE),
  },
  {
    name: "distribution_change",
    label: "change since the first step",
    needs: ["distribution_change"],
    value: own("distribution_change"),
  },
];

/** What a timeline of that name shows: a row of the table, or a measure that some series have. */
export function timelineStatistic(name: string): TimelineStatistic {
  return (
    TIMELINE_STATISTICS.find((one) => one.name === name) ?? {
      name,
      label: statisticName(name),
      needs: [name],
      value: own(name),
    }
  );
}

/** What a block held that is not finite; NaN where it held both. */
export function nonfiniteAt(
  statistics: Pick<Statistics, "statistic">,
  index: number,
  gate: number,
): "nan" | "infinity" | null {
  if (own("nan")(statistics, index, gate) > 0) {
    return "nan";
  }
  const isInfinite = NONFINITE.some((name) => own(name)(statistics, index, gate) > 0);
  return isInfinite ? "infinity" : null;
}
