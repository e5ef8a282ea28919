/** The places that can be opened: of all models together. */

import { sort } from "d3-array";
import type { Kind, Run, Series } from "../api/catalog";
import { absentOf, modelOrder, weightsOf } from "./frozen";
import { type Place, placeKey } from "./places";

/** A place with all that some runs have of it. */
export interface OpenablePlace extends Place {
  /** Series of the shown kind. */
  series: Series[];
  /** Its weights, of whatever kind the shown one is. */
  weights: Series[];
}

/** All places that have something of a kind, or should have, in the models' order. */
export function openablePlaces(runs: readonly Run[], kind: Kind): OpenablePlace[] {
  const found = new Map<string, OpenablePlace>();
  const wanted = new Set<string>();
  for (const run of runs) {
    // Of all kinds, so that a run that has few places of this one has no say in their order.
    for (const series of sort(run.series, modelOrder(run))) {
      const { layer, direction, index } = series;
      const key = placeKey(series);
      const place = found.get(key) ?? { layer, direction, index, series: [], weights: [] };
      found.set(key, place);
      if (series.kind === kind.name) {
        place.series.push(series);
        wanted.add(key);
      }
    }
    for (const series of weightsOf(run)) {
      found.get(placeKey(series))?.weights.push(series);
    }
    for (const series of absentOf(run, kind)) {
      wanted.add(placeKey(series));
    }
  }
  return [...found].filter(([key]) => wanted.has(key)).map(([, place]) => place);
}
