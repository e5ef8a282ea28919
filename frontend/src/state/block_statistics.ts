/** Numbers of a block that are read from its statistics: what all tables of them are made of. */

import type { Statistics } from "../decode/statistics";

/** Reads a number of one gate at the step of that index. */
export type Read = (
  statistics: Pick<Statistics, "statistic">,
  index: number,
  gate: number,
) => number;

/** A number, and the statistics that it is made of. */
export interface BlockStatistic {
  needs: readonly string[];
  value: Read;
}

/** The counts of what is not finite. */
export const NONFINITE = ["nan", "positive_infinity", "negative_infinity"] as const;

/** Reads the statistic of that name. */
export function read(name: string): Read {
  return (statistics, index, gate) => statistics.statistic(index, gate, name);
}

/** A statistic as the server answers it. */
export function answered(name: string): BlockStatistic {
  return { needs: [name], value: read(name) };
}

/** The share of values that some counts make up together. */
export function shareOf(counts: readonly string[]): BlockStatistic {
  return {
    needs: [...counts, "count"],
    value: (statistics, index, gate) =>
      counts.reduce((sum, name) => sum + statistics.statistic(index, gate, name), 0) /
      statistics.statistic(index, gate, "count"),
  };
}
