/** An axis that some histograms share: it is divided into bins once, and counts each histogram once. */

import { LRUCache } from "lru-cache";
import type { Histograms } from "../../decode/histograms";
import { Rebinning } from "../../decode/rebin";
import type { ScaleName } from "../../state/histogram_settings";
import { type PlacedTick, placedTicks } from "../parts/placed_ticks";
import { tickSets } from "../parts/tick_sets";
import type { Ends } from "./ends";
import { AXES, type Scale } from "./scales";

/** A symmetric axis is nearly linear below this share of its end at most, and logarithmic over these decades at most. */
const LARGEST_SMALL = 1e-2;
const SMALLEST_SMALL = 1e-8;

/** So many counted histograms of a series are kept. */
const MOST_KEPT = 1000;

const PIXELS_A_TICK = 44;

/** Where there is nothing but zeros, these stand in the middle. */
const AROUND_ZERO = [-1, 1] as const;

/** How many values are in each bin of an axis. */
export interface Counted {
  counts: Float64Array;
  highest: number;
}

/** The axes used last: with an axis go all histograms that were counted along it. */
const axes = new LRUCache<string, HistogramAxis>({ max: 64 });

/** The axis of a scale that reaches that far, with so many bins: always the same one. */
export function axisOf(name: ScaleName, ends: Ends, count: number): HistogramAxis {
  const { low, high, small } = ends;
  const key = [name, low, high, small, count].join();
  const axis = axes.get(key) ?? new HistogramAxis(name, ends, count);
  axes.set(key, axis);
  return axis;
}

export class HistogramAxis {
  readonly domain: readonly [number, number];
  /** Why there are no numbers on it; empty where there are some. */
  readonly emptiness: "" | "all zero" | "nothing is finite";
  /** How many units a bin is wide. */
  readonly binWidth: number;
  readonly unit: string;
  readonly looked: (typeof AXES)[ScaleName]["looked"];
  /** Below which magnitude it is nearly linear, if it is symmetric. */
  readonly small: number;
  readonly #rebinning: Rebinning;
  readonly #kept = new WeakMap<Histograms, Map<string, Counted>>();

  /**
   * @param ends - How far it has to reach.
   * @param count - How many bins it has.
   */
  constructor(
    readonly name: ScaleName,
    readonly ends: Ends,
    readonly count: number,
  ) {
    const axis = AXES[name];
    const domain = axis.domain(ends);
    this.domain = domain ?? (axis.form === "log" ? [0.1, 1] : AROUND_ZERO);
    this.emptiness = domain === null ? emptinessOf(ends) : "";
    const largest = Math.max(...this.domain.map(Math.abs));
    this.small = Math.min(
      largest * LARGEST_SMALL,
      Math.max(largest * SMALLEST_SMALL, ends.small / 10),
    );
    this.binWidth = axis.length(this.domain, this.small) / count;
    this.unit = axis.unit;
    this.looked = axis.looked;
    const transform = this.scale([0, 1]);
    this.#rebinning = new Rebinning({
      domain: this.domain,
      count,
      transform,
      bounds: axis.bounds,
    });
  }

  /** Its scale over some pixels. */
  scale(range: readonly [number, number]): Scale {
    return AXES[this.name].scale(this.domain, this.small).range(range);
  }

  /** The numbers along it. */
  ticks(range: readonly [number, number]): PlacedTick[] {
    const scale = this.scale(range);
    if (this.emptiness !== "") {
      const hasZero = this.looked === "values" && this.emptiness === "all zero";
      return hasZero ? [{ value: 0, text: "0", x: scale(0) }] : [];
    }
    const most = (range[1] - range[0]) / PIXELS_A_TICK;
    const sets = tickSets(AXES[this.name].form, this.domain, most, this.small);
    return placedTicks(sets, scale, range);
  }

  /** A gate's values at the step of that index. */
  counted(histograms: Histograms, index: number, gate: number): Counted {
    const ofThese = this.#kept.get(histograms) ?? new Map<string, Counted>();
    this.#kept.set(histograms, ofThese);
    const key = `${index} ${gate}`;
    const known = ofThese.get(key);
    if (known) {
      return known;
    }
    if (ofThese.size >= MOST_KEPT) {
      ofThese.clear();
    }
    const counts = this.#rebinning.count(histograms.bins(index, gate));
    const found = { counts, highest: counts.reduce((a, b) => Math.max(a, b), 0) };
    ofThese.set(key, found);
    return found;
  }
}

function emptinessOf({ low, high }: Ends): "all zero" | "nothing is finite" {
  return low <= high ? "all zero" : "nothing is finite";
}
