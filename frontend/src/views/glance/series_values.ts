/** The values of a statistic of one series over its steps. */

import type { Statistics } from "../../decode/statistics";
import type { GlanceStatistic } from "../../state/glance_statistics";

/** A gate's values, one a step. */
export interface GateValues {
  steps: ArrayLike<number>;
  values: Float64Array;
  /** The ends of what is finite; null where nothing is. */
  ends: readonly [number, number] | null;
}

const known = new WeakMap<Statistics, Map<string, GateValues[]>>();

/** The values of all gates: found once, since going from step to step doesn't change them. */
export function valuesOf(statistics: Statistics, statistic: GlanceStatistic): GateValues[] {
  const own = known.get(statistics) ?? new Map<string, GateValues[]>();
  known.set(statistics, own);
  const found =
    own.get(statistic.name) ??
    Array.from({ length: statistics.gates }, (_, gate) => gateValues(statistics, statistic, gate));
  own.set(statistic.name, found);
  return found;
}

function gateValues(statistics: Statistics, statistic: GlanceStatistic, gate: number): GateValues {
  const { steps } = statistics;
  const values = Float64Array.from(steps, (_, index) => statistic.value(statistics, index, gate));
  const finite = values.filter(Number.isFinite);
  const ends = finite.length > 0 ? ([least(finite), most(finite)] as const) : null;
  return { steps, values, ends };
}

function least(all: Float64Array): number {
  return all.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
}

function most(all: Float64Array): number {
  return all.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
}
