/** The axes that histograms can have. */

import { max, min } from "d3-array";
import { type ScaleContinuousNumeric, scaleLinear, scaleLog, scaleSymlog } from "d3-scale";
import { farEdge, nearEdge, SIGN } from "../../decode/bins";
import type { Bins } from "../../decode/histograms";
import type { ScaleName } from "../../state/histogram_settings";

type Scale = ScaleContinuousNumeric<number, number>;

/** What an axis has to reach: all bins of this step, and the ends of all steps. */
export interface Reach {
  bins: readonly Bins[];
  low: number;
  high: number;
}

interface Axis {
  /** The scale over a domain, to be given a range. */
  scale: (domain: readonly [number, number]) => Scale;
  /** The ends of the axis. */
  domain: (reach: Reach) => [number, number];
  /** The bins as they are counted on this axis. */
  prepare: (bins: Bins) => Bins;
}

const SYMMETRIC_LOG_SHARE = 1e-3;

/** The axes by their names. */
export const AXES: Record<ScaleName, Axis> = {
  linear: {
    scale: (domain) => scaleLinear().domain([...domain]),
    domain: signedDomain,
    prepare: (bins) => bins,
  },
  "symmetric log": {
    scale: (domain) =>
      scaleSymlog()
        .domain([...domain])
        .constant(SYMMETRIC_LOG_SHARE * Math.max(Math.abs(domain[0]), Math.abs(domain[1]))),
    domain: signedDomain,
    prepare: (bins) => bins,
  },
  "log |x|": {
    scale: (domain) => scaleLog().domain([...domain]),
    domain: magnitudeDomain,
    prepare: magnitudesOf,
  },
};

/** The same for all steps, so that what grows is seen to grow. Where nothing was ever finite, there are no ends. */
function signedDomain({ low, high }: Reach): [number, number] {
  if (low > high) {
    return [-1, 1];
  }
  return low < high ? [low, high] : [low - 1, high + 1];
}

function magnitudeDomain({ bins }: Reach): [number, number] {
  const keys = bins.flatMap(({ keys }) => [...keys]).filter((key) => (key & (SIGN - 1)) > 0);
  return keys.length ? [min(keys, nearEdge) as number, max(keys, farEdge) as number] : [1e-6, 1];
}

/** Both signs counted together; zeros, which have no logarithm, are left out. */
function magnitudesOf({ keys, counts }: Bins): Bins {
  const sums = new Map<number, number>();
  keys.forEach((key, place) => {
    const magnitude = key & (SIGN - 1);
    if (magnitude > 0) {
      sums.set(magnitude, (sums.get(magnitude) ?? 0) + (counts[place] as number));
    }
  });
  return { keys: Uint16Array.from(sums.keys()), counts: Uint32Array.from(sums.values()) };
}

/** Where an axis has numbers: at most so many, and round ones. */
export function axisTicks(scale: Scale, count: number): number[] {
  const all = scale.ticks(count);
  if (all.length <= count + 2) {
    return all;
  }
  // A logarithmic scale gives all digits of all decades when it can't keep to the count.
  const decades = all.filter((tick) => Number.isInteger(Math.log10(Math.abs(tick))));
  const round = "base" in scale && decades.length > 1 ? decades : all;
  const every = Math.ceil(round.length / count);
  return round.filter((_, place) => place % every === 0);
}
