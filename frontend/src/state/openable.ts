/** The places that can be opened: of all models together, those that meet as one. */

import { sort } from "d3-array";
import type { Kind, Run, Series } from "../api/catalog";
import { absentOf, modelOrder, weightsOf } from "./frozen";
import { noticesAbout } from "./notices";
import { type Place, placesOf, type RunPlace } from "./places";

/** A place with all that some runs have of it. */
export interface OpenablePlace {
  /** What tells it apart from others. */
  meeting: string;
  /** Where it is in the model of each run that has it. */
  members: RunPlace[];
  /** Series of the shown kind. */
  series: Series[];
  /** Its weights, of whatever kind the shown one is. */
  weights: Series[];
}

/**
 * All places that have something of a kind, or should have, in the models' order.
 *
 * @param meetingOf - Gives places that meet the same text.
 */
export function openablePlaces(
  runs: readonly Run[],
  kind: Kind,
  meetingOf: (run: string, place: Place) => string,
): OpenablePlace[] {
  const found = new Map<string, OpenablePlace>();
  const wanted = new Set<string>();
  for (const run of runs) {
    const meeting = (place: Place) => meetingOf(run.run, place);
    // Of all kinds, so that a run that has few places of this one has no say in their order.
    for (const place of placesOf(sort(run.series, modelOrder(run)))) {
      const key = meeting(place);
      const known = found.get(key) ?? { meeting: key, members: [], series: [], weights: [] };
      known.members.push({ run: run.run, place });
      found.set(key, known);
      if (noticesAbout(run, kind.name, place.layer).length > 0) {
        wanted.add(key);
      }
    }
    for (const series of run.series.filter((one) => one.kind === kind.name)) {
      found.get(meeting(series))?.series.push(series);
      wanted.add(meeting(series));
    }
    for (const series of weightsOf(run)) {
      found.get(meeting(series))?.weights.push(series);
    }
    for (const series of absentOf(run, kind)) {
      wanted.add(meeting(series));
    }
  }
  return [...found.values()].filter((place) => wanted.has(place.meeting));
}
