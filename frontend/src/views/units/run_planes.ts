/** The planes of each run on screen at the shown step. */

import { LRUCache } from "lru-cache";
import type { Series } from "../../api/catalog";
import type { Planes } from "../../decode/planes";
import { stepIn } from "../../state/selection";
import { measuredOnScreen, shownOnScreen, spansOnScreen } from "../../state/shown";
import { heatmapNear } from "../../state/snapshots";

/** The planes of one run; null until they are there. */
export interface RunPlanes {
  run: string;
  color: string;
  series: Series;
  planes: Planes | null;
}

/** The last ones of each series: while the next step's are on their way, they stay, so that nothing flickers. */
const last = new LRUCache<string, Planes>({ max: 16 });

/** The planes of all runs on screen. Where they are not to be had, the heatmaps say why. */
export function runPlanes(): RunPlanes[] {
  return shownOnScreen.value.flatMap(({ run, color, shown }) =>
    shown.map(({ series }) => ({ run, color, series, planes: planesOf(run, series) })),
  );
}

function planesOf(run: string, series: Series): Planes | null {
  const name = JSON.stringify([run, series.tag]);
  const loaded = heatmapNear(run, series, stepIn(run) ?? 0)?.planes.value;
  if (loaded?.state === "ready") {
    last.set(name, loaded.value);
    return loaded.value;
  }
  return loaded?.state === "loading" ? (last.get(name) ?? null) : null;
}

/** Between what the values of all runs on screen lie, but for outliers: the same at all steps. */
export function valueDomain(): [number, number] {
  const limits = measuredOnScreen.value.map((one) => spansOnScreen.value(one, 0).high);
  const limit = Math.max(Number.MIN_VALUE, ...limits);
  const isSigned = measuredOnScreen.value.some(({ series, statistics }) =>
    series.gates.some((_, gate) =>
      statistics.steps.some((_, index) => statistics.statistic(index, gate, "minimum") < 0),
    ),
  );
  return [isSigned ? -limit : 0, limit];
}
