/** How far the numbers of a gate reach over all steps, so that what grows is seen to grow. */

import type { Histograms } from "../../decode/histograms";
import { quantiles } from "../../decode/quantiles";
import type { Statistics } from "../../decode/statistics";

/** How far numbers reach; `low` is above `high` where none was ever finite. */
export interface Ends {
  low: number;
  high: number;
  /** A magnitude that few are below at any step. */
  small: number;
}

/** What reaches nowhere. */
export const NO_ENDS: Ends = {
  low: Number.POSITIVE_INFINITY,
  high: Number.NEGATIVE_INFINITY,
  small: Number.POSITIVE_INFINITY,
};

/** The share of magnitudes that are small: the server's `small_magnitude` is this quantile, too. */
const SMALL_SHARE = 0.02;

/** The ends of both. */
export function together(one: Ends, other: Ends): Ends {
  return {
    low: Math.min(one.low, other.low),
    high: Math.max(one.high, other.high),
    small: Math.min(one.small, other.small),
  };
}

const known = new WeakMap<Histograms, Map<number, Ends>>();

/** The ends of one gate of a series whose histograms are there. */
export function endsOf(histograms: Histograms, gate: number): Ends {
  const ofThese = known.get(histograms) ?? new Map<number, Ends>();
  known.set(histograms, ofThese);
  const found =
    ofThese.get(gate) ??
    Array.from(histograms.steps, (_, index) =>
      endsAt(histograms, index, gate, () =>
        Number(quantiles(histograms.bins(index, gate), [SMALL_SHARE], "magnitudes")[0]),
      ),
    ).reduce(together, NO_ENDS);
  ofThese.set(gate, found);
  return found;
}

const knownOfStatistics = new WeakMap<Statistics, Map<number, Ends>>();

/** The ends of one gate of a series of which statistics are there. */
export function endsOfGate(statistics: Statistics, gate: number): Ends {
  const ofThese = knownOfStatistics.get(statistics) ?? new Map<number, Ends>();
  knownOfStatistics.set(statistics, ofThese);
  const found =
    ofThese.get(gate) ??
    Array.from(statistics.steps, (_, index) =>
      endsAt(statistics, index, gate, () => statistics.statistic(index, gate, "small_magnitude")),
    ).reduce(together, NO_ENDS);
  ofThese.set(gate, found);
  return found;
}

/** The ends of all gates of a series of which statistics are there. */
export function endsOfStatistics(statistics: Statistics): Ends {
  return Array.from({ length: statistics.gates }, (_, gate) => endsOfGate(statistics, gate)).reduce(
    together,
    NO_ENDS,
  );
}

/** Steps at which nothing was finite have no ends. */
function endsAt(
  of: Pick<Histograms, "statistic">,
  index: number,
  gate: number,
  small: () => number,
): Ends {
  const low = of.statistic(index, gate, "minimum");
  const high = of.statistic(index, gate, "maximum");
  if (Number.isNaN(low) || Number.isNaN(high)) {
    return NO_ENDS;
  }
  const magnitude = small();
  return { low, high, small: magnitude > 0 ? magnitude : Number.POSITIVE_INFINITY };
}
