/** The magnitude at the end of the colours, for each gate of each matrix of each run. */

import type { Series } from "../api/catalog";
import type { Histograms } from "../decode/histograms";
import { Magnitudes } from "../decode/magnitudes";
import { type ColorRange, type ColorScope, colorRange, colorScope, manualLimit } from "./settings";

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

/** All that each gate of a series ever held, over all steps: made once, since it takes a while. */
const magnitudesOf = new WeakMap<Histograms, Magnitudes[]>();

/**
 * The limits of all that is shown. They stay the same over the steps, so that what grows is seen to grow,
 * and neither NaN nor a few outliers have a say in them.
 *
 * @returns A function that gives a gate's limit; never 0.
 */
export function colorLimits(all: readonly Shown[]): (shown: Shown, gate: number) => number {
  const range = colorRange.value;
  if (range === "manual") {
    const limit = manualLimit.value;
    return () => limit;
  }
  const key = SCOPE_KEYS[colorScope.value];
  const together = new Map<string, Magnitudes>();
  for (const shown of all) {
    magnitudes(shown).forEach((ofGate, gate) => {
      const name = key(shown, gate);
      const sum = together.get(name) ?? new Magnitudes();
      sum.merge(ofGate);
      together.set(name, sum);
    });
  }
  const limits = new Map<string, number>();
  for (const [name, sum] of together) {
    limits.set(name, sum.quantile(QUANTILES[range]) || 1);
  }
  return (shown, gate) => limits.get(key(shown, gate)) ?? 1;
}

function magnitudes({ series, histograms }: Shown): Magnitudes[] {
  const known = magnitudesOf.get(histograms);
  if (known) {
    return known;
  }
  const found = series.gates.map((_, gate) => {
    const sum = new Magnitudes();
    for (let index = 0; index < histograms.steps.length; index += 1) {
      sum.add(histograms.bins(index, gate));
    }
    return sum;
  });
  magnitudesOf.set(histograms, found);
  return found;
}
