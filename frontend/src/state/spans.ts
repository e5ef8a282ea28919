/** The magnitudes between which colours run, for each gate of each matrix of each run. */

import type { Series } from "../api/catalog";
import type { Histograms } from "../decode/histograms";
import { Magnitudes } from "../decode/magnitudes";
import type { Span } from "../paint/span";
import {
  type ColorRange,
  type ColorScope,
  colorRange,
  colorScope,
  manualLimit,
} from "./color_settings";

const ROBUST_SHARE = 0.995;

/** A series with its histograms, of one run. */
export interface Shown {
  run: string;
  series: Series;
  histograms: Histograms;
}

const SCOPE_KEYS: Record<ColorScope, (shown: Shown, gate: number) => string> = {
  gate: ({ run, series }, gate) => JSON.stringify([run, series.matrix, gate]),
  matrix: ({ run, series }) => JSON.stringify([run, series.matrix]),
  layer: ({ run }) => run,
  runs: () => "",
};

const QUANTILES: Record<Exclude<ColorRange, "manual">, number> = { robust: ROBUST_SHARE, full: 1 };

/** How much of what there is may lie below the first decade of logarithmic colours. */
const LOW_SHARE = 0.02;
const MOST_DECADES = 8;

/** All that some gates ever held, over all steps. */
interface Held {
  magnitudes: Magnitudes;
  largest: number;
}

/** What each gate of a series ever held: made once, since it takes a while. */
const heldBy = new WeakMap<Histograms, Held[]>();

/**
 * The spans of all that is shown. They stay the same over the steps, so that what grows is seen to grow,
 * and neither NaN nor a few outliers have a say in them.
 *
 * @returns A function that gives a gate's span; neither end is ever 0.
 */
export function colorSpans(all: readonly Shown[]): (shown: Shown, gate: number) => Span {
  const range = colorRange.value;
  if (range === "manual") {
    const high = manualLimit.value;
    return () => ({ low: logFloor(high, 0), high });
  }
  const key = SCOPE_KEYS[colorScope.value];
  const together = new Map<string, Held>();
  for (const shown of all) {
    held(shown).forEach(({ magnitudes, largest }, gate) => {
      const name = key(shown, gate);
      const sum = together.get(name) ?? { magnitudes: new Magnitudes(), largest: 0 };
      sum.magnitudes.merge(magnitudes);
      together.set(name, { ...sum, largest: Math.max(sum.largest, largest) });
    });
  }
  const spans = new Map<string, Span>();
  for (const [name, { magnitudes, largest }] of together) {
    // A bin reaches past the numbers in it.
    const high = Math.min(magnitudes.quantile(QUANTILES[range]), largest) || 1;
    spans.set(name, { low: logFloor(high, magnitudes.quantile(LOW_SHARE)), high });
  }
  return (shown, gate) => spans.get(key(shown, gate)) ?? { low: logFloor(1, 0), high: 1 };
}

/**
 * Where logarithmic colours begin: the decade of what is small, at least one below the end, and not too many.
 *
 * @param high - The magnitude at the end of the colours.
 * @param small - A magnitude that few are below; 0 if none is known.
 */
export function logFloor(high: number, small: number): number {
  const end = Math.log10(high);
  const wanted = small > 0 ? Math.log10(small) : Number.NEGATIVE_INFINITY;
  const last = Math.ceil(end - 1e-9);
  return 10 ** Math.floor(Math.min(last - 1, Math.max(last - MOST_DECADES, wanted)));
}

function held({ series, histograms }: Shown): Held[] {
  const known = heldBy.get(histograms);
  if (known) {
    return known;
  }
  const found = series.gates.map((_, gate) => {
    const magnitudes = new Magnitudes();
    let largest = 0;
    for (let index = 0; index < histograms.steps.length; index += 1) {
      magnitudes.add(histograms.bins(index, gate));
      const ends = [
        histograms.statistic(index, gate, "minimum"),
        histograms.statistic(index, gate, "maximum"),
      ];
      largest = Math.max(largest, ...ends.filter(Number.isFinite).map(Math.abs));
    }
    return { magnitudes, largest };
  });
  heldBy.set(histograms, found);
  return found;
}
