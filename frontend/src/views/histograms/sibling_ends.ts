/** How far the other directions of the open layer reach, so that both can be drawn on the same axes. */

import { computed } from "@preact/signals";
import type { Series } from "../../api/catalog";
import { type ColoredRun, kind, openPlaceIn, shownRuns } from "../../state/selection";
import { ofSeries, picturesStatisticsOf } from "../../state/statistics";
import { isMatrixShown } from "../../state/unit_settings";
import { type Ends, endsOfStatistics, NO_ENDS, together } from "./ends";

/** The ends of all that is not open of the open layer, over all steps and shown runs. */
export const siblingEnds = computed<Ends>(() =>
  shownRuns.value.flatMap(endsOfSiblings).reduce(together, NO_ENDS),
);

function endsOfSiblings(run: ColoredRun): Ends[] {
  const siblings = siblingsIn(run);
  if (siblings.length === 0) {
    return [];
  }
  const loaded = picturesStatisticsOf(run, siblings);
  return siblings.map((series) => {
    const own = ofSeries(loaded, series);
    return own.state === "ready" ? endsOfStatistics(own.value) : NO_ENDS;
  });
}

function siblingsIn({ run, series }: ColoredRun): Series[] {
  const open = openPlaceIn(run);
  return series.filter(
    (one) =>
      one.kind === kind.value.name &&
      one.layer === open?.layer &&
      one.index === open.index &&
      one.direction !== open.direction &&
      isMatrixShown(one.matrix),
  );
}
