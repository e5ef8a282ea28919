/** How far a gate's numbers reach: over all steps as its statistics tell, and as far as any step that was looked at. */

import { signal } from "@preact/signals";
import type { Histograms } from "../../decode/histograms";
import type { Measured } from "../../state/spans";
import { type Ends, endsOf, endsOfGate, together } from "./ends";

/** The ends of steps that the statistics of a long series left out, and that reach farther. */
const farther = signal<ReadonlyMap<string, Ends>>(new Map());

/** The ends of one gate of a series. */
export function reachOf({ run, series, statistics }: Measured, gate: number): Ends {
  const own = endsOfGate(statistics, gate);
  const found = farther.value.get(nameOf(run, series.tag, gate));
  return found ? together(own, found) : own;
}

/** Takes in how far the histograms reach that are drawn of a series. */
export function takeIn(measured: Measured, histograms: Histograms): void {
  if (!measured.statistics.isThinned) {
    return;
  }
  for (const gate of measured.series.gates.keys()) {
    const known = reachOf(measured, gate);
    const { low, high } = endsOf(histograms, gate);
    if (low < known.low || high > known.high) {
      const name = nameOf(measured.run, measured.series.tag, gate);
      farther.value = new Map(farther.peek()).set(name, together(known, { ...known, low, high }));
    }
  }
}

function nameOf(run: string, tag: string, gate: number): string {
  return JSON.stringify([run, tag, gate]);
}
