/** How a pinned unit went over the steps, in each gate and run. */

import type { Series } from "../../api/catalog";
import { isOfMatrices } from "../../state/kinds";
import type { PinnedUnit } from "../../state/pinned_unit";
import { planeOf } from "../../state/planes";
import { hasCell } from "../../state/pointer";
import { kind } from "../../state/selection";
import { shownOnScreen } from "../../state/shown";
import { heatmapNear, profilesOf } from "../../state/snapshots";
import { storedPlace } from "./cell_values";

/** The numbers of one gate in one run. */
export interface History {
  run: string;
  color: string;
  gate: string;
  steps: readonly number[];
  values: readonly number[];
}

const NORMS = "norm_by_unit";
/** How many heatmaps are read at most where no norms were logged, and how many cells they may have together. */
const MOST_HEATMAPS = 24;
const MOST_CELLS = 4e6;

type RunOf = Pick<History, "run" | "color"> & { series: Series };

/** The histories of a pinned unit, and what they are of; read as signals. */
export function historiesOf(pin: PinnedUnit): { histories: History[]; what: string } {
  const runs = shownOnScreen.value.flatMap(({ run, color, shown }) =>
    shown
      .filter(({ series }) => series.matrix === pin.matrix && hasCell(series, pin))
      .map(({ series }) => ({ run, color, series })),
  );
  const norms = runs.flatMap((one) => normsOf(one, pin));
  if (norms.length > 0) {
    return { histories: norms, what: `over the steps: the L2 norm of unit ${pin.column}` };
  }
  const cells = runs.flatMap((one) => cellsOf(one, pin));
  return { histories: cells, what: cells.length > 0 ? "over the steps: this cell" : "" };
}

/** The norms of the unit's column that were logged with each snapshot; none where they were not. */
function normsOf({ run, color, series }: RunOf, { column }: PinnedUnit): History[] {
  // Those of weight tensors are logged with norms; others may have no profiles at all.
  if (!isOfMatrices(kind.value)) {
    return [];
  }
  const loaded = profilesOf(run, series);
  const profile = loaded.state === "ready" ? loaded.value.get(NORMS) : null;
  if (!profile) {
    return [];
  }
  return series.gates.map((gate, number) => ({
    run,
    color,
    gate,
    steps: [...profile.steps],
    values: Array.from(
      profile.steps,
      (_, index) => profile.curve(index, number)[column] ?? Number.NaN,
    ),
  }));
}

/** The cell at some steps, of whose heatmaps there aren't too many to fetch. */
function cellsOf({ run, color, series }: RunOf, pin: PinnedUnit): History[] {
  const { steps } = series.heatmaps;
  const every = Math.ceil(steps.length / MOST_HEATMAPS);
  const chosen = steps.filter((_, index) => (steps.length - 1 - index) % every === 0);
  if (series.rows * series.columns * series.gates.length * chosen.length > MOST_CELLS) {
    return [];
  }
  const there = chosen.flatMap((step) => {
    const loaded = heatmapNear(run, series, step)?.planes.value;
    return loaded?.state === "ready" ? [{ step, cells: loaded.value.at(planeOf(series)) }] : [];
  });
  return series.gates.map((gate) => ({
    run,
    color,
    gate,
    steps: there.map(({ step }) => step),
    values: there.map(({ cells }) => cells.at(...storedPlace(series, cells, { ...pin, gate }))),
  }));
}
