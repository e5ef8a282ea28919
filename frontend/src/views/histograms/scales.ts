/** The axes that histograms can have. */

import { type ScaleContinuousNumeric, scaleLinear, scaleLog, scaleSymlog } from "d3-scale";
import { bounds, magnitudeBounds } from "../../decode/bins";
import type { Looked } from "../../decode/quantiles";
import type { ScaleName } from "../../state/histogram_settings";
import type { AxisForm } from "../parts/tick_sets";
import type { Ends } from "./ends";

export type Scale = ScaleContinuousNumeric<number, number>;

interface Axis {
  form: AxisForm;
  looked: Looked;
  /** The ends of the axis; null where there is nothing that it could show. */
  domain: (ends: Ends) => readonly [number, number] | null;
  /** The scale over a domain, to be given a range. */
  scale: (domain: readonly [number, number], small: number) => Scale;
  /** The ends of the bin of a key. */
  bounds: (key: number) => readonly [number, number];
  /** How many units an axis is long; density is by these. */
  length: (domain: readonly [number, number], small: number) => number;
  unit: string;
}

/** Further below its end a logarithmic axis doesn't go. */
const MOST_DECADES = 12;

/** The axes by their names. */
export const AXES: Record<ScaleName, Axis> = {
  linear: {
    form: "linear",
    looked: "values",
    domain: signedDomain,
    scale: (domain) => scaleLinear().domain(domain),
    bounds,
    length: ([low, high]) => high - low,
    unit: "1",
  },
  "symmetric log": {
    form: "symmetric log",
    looked: "values",
    domain: signedDomain,
    scale: (domain, small) => scaleSymlog().domain(domain).constant(small),
    bounds,
    length: ([low, high], small) => symmetricDecades(high, small) - symmetricDecades(low, small),
    unit: "decade",
  },
  "log |x|": {
    form: "log",
    looked: "magnitudes",
    domain: ({ low, high, small }) => {
      const largest = Math.max(-low, high);
      return largest > 0
        ? [Math.max(smallEnd(small, largest), largest / 10 ** MOST_DECADES), largest]
        : null;
    },
    scale: (domain) => scaleLog().domain(domain),
    bounds: magnitudeBounds,
    length: ([low, high]) => Math.log10(high / low),
    unit: "decade",
  },
};

/** A decade below what few are below; and at least one below the largest number, so that there is an axis at all. */
function smallEnd(small: number, largest: number): number {
  return Math.min(small, largest) / 10;
}

/** Where nothing was ever finite, or all was zero, there is no axis. */
function signedDomain({ low, high }: Ends): readonly [number, number] | null {
  if (low > high || (low === 0 && high === 0)) {
    return null;
  }
  // A constant stands in the middle.
  const room = low === high ? Math.abs(low) / 2 : 0;
  return [low - room, high + room];
}

function symmetricDecades(value: number, small: number): number {
  return (Math.sign(value) * Math.log1p(Math.abs(value) / small)) / Math.LN10;
}
