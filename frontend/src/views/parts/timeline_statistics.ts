/** THE table of what timelines show beside the series' own measures. A further one is one more row. */

import type { Statistics } from "../../decode/statistics";
import {
  answered,
  type BlockStatistic,
  NONFINITE,
  type Read,
  read,
  shareOf,
} from "../../state/block_statistics";
import { statisticName } from "./words";

/** What a timeline shows. */
export interface TimelineStatistic extends BlockStatistic {
  name: string;
  label: string;
  /** The lower end of a band, of which `value` is the upper one; none where it is a line. */
  low?: Read;
}

/** What every series has, in the order in which it is offered. */
export const TIMELINE_STATISTICS: readonly TimelineStatistic[] = [
  { name: "l2_norm", label: "L2 norm", ...answered("l2_norm") },
  { name: "mean", label: "mean", ...answered("mean") },
  {
    name: "standard_deviation",
    label: "standard deviation",
    ...answered("standard_deviation"),
  },
  {
    name: "range",
    label: "minimum to maximum",
    needs: ["minimum", "maximum"],
    value: read("maximum"),
    low: read("minimum"),
  },
  { name: "zero_share", label: "share of zeros", ...shareOf(["zero"]) },
  { name: "nonfinite_share", label: "share of NaN and infinity", ...shareOf(NONFINITE) },
  {
    name: "distribution_change",
    label: "change since the first step",
    ...answered("distribution_change"),
  },
];

/** What a timeline of that name shows: a row of the table, or a measure that some series have. */
export function timelineStatistic(name: string): TimelineStatistic {
  return (
    TIMELINE_STATISTICS.find((one) => one.name === name) ?? {
      name,
      label: statisticName(name),
      ...answered(name),
    }
  );
}

/** What a block held that is not finite; NaN where it held both. */
export function nonfiniteAt(
  statistics: Pick<Statistics, "statistic">,
  index: number,
  gate: number,
): "nan" | "infinity" | null {
  if (read("nan")(statistics, index, gate) > 0) {
    return "nan";
  }
  const isInfinite = NONFINITE.some((name) => read(name)(statistics, index, gate) > 0);
  return isInfinite ? "infinity" : null;
}
