/** The cells that stand in a card at the shown step; read as signals. */

import type { Series } from "../../api/catalog";
import type { Cells } from "../../decode/cells";
import type { Planes } from "../../decode/planes";
import { planeOf } from "../../state/planes";
import type { Loaded } from "../../state/resource";
import { stepIn } from "../../state/selection";
import type { ShownRun } from "../../state/shown";
import { heatmapNear } from "../../state/snapshots";
import { nearest } from "../../state/steps";

/** The cells of a series at the step that is nearest to the shown one; null where none was logged. */
export function cellsNear(run: string, series: Series): Loaded<Cells> | null {
  const heatmap = heatmapNear(run, series, stepIn(run) ?? 0);
  return heatmap && cellsOf(series, heatmap.planes.value);
}

/** The plane that is looked at. */
export function cellsOf(series: Series, loaded: Loaded<Planes>): Loaded<Cells> {
  return loaded.state === "ready"
    ? { state: "ready", value: loaded.value.at(planeOf(series)) }
    : loaded;
}

/** The logged step of a run's heatmaps that is nearest to the shown one; that one where theirs differ. */
export function stepOf({ run, shown }: ShownRun): number {
  const wanted = stepIn(run) ?? 0;
  const steps = new Set(
    shown.flatMap(({ series }) => nearest(series.heatmaps.steps, wanted) ?? []),
  );
  const [only] = steps;
  return steps.size === 1 && only !== undefined ? only : wanted;
}
