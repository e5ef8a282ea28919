/** One run's matrices as heatmaps: the kernel above the recurrent kernel above the bias. */

import { sort } from "d3-array";
import type { Series } from "../api/catalog";
import { inGroups } from "../state/columns";
import { hasKind, isFrozen, modelOrder } from "../state/frozen";
import { kind, openWeights, step } from "../state/selection";
import { colorScope } from "../state/settings";
import { type Heatmap, heatmapNear } from "../state/snapshots";
import { Absent } from "./absent";
import { ColorBar } from "./color_bar";
import { GateNames } from "./gate_names";
import { UnitAxis } from "./heatmap_axes";
import { MatrixRow } from "./matrix_row";
import { limitsOnScreen, type ShownRun, type ShownSeries } from "./shown";
import { windowHeight } from "./window_height";
import { grouped, words } from "./words";

const LEAST_MATRICES_HEIGHT = 360;
const WINDOW_SHARE = 0.42;
const LEAST_HEIGHT = 56;
const LARGEST_ROW = 14;
const STRIP_HEIGHT = 18;

export function RunCard({ run }: { run: ShownRun }) {
  const wanted = step.value ?? 0;
  const maps = run.shown.map((one) => ({
    ...one,
    heatmap: heatmapNear(run.run, one.series, wanted),
  }));
  const steps = new Set(maps.flatMap(({ heatmap }) => (heatmap ? [heatmap.step] : [])));
  const own = steps.size === 1 ? ([...steps][0] ?? wanted) : wanted;
  const heights = matrixHeights(run.shown.map(({ series }) => series));
  const order = modelOrder(run);
  const groups = inGroups(
    sort([...maps, ...run.absent.map(asAbsent)], ({ series }) => order(series)),
  );
  const [first] = run.shown;
  return (
    <article class="card run-card" data-testid="run-card" data-run={run.run}>
      <h3>
        <i class="swatch" style={{ "--run": run.color }} />
        <span class="name">{run.run}</span>
        {own !== wanted && (
          <span class="quiet" data-testid="card-step">
            nearest step: {grouped(own)}
          </span>
        )}
        {isFrozen(openWeights(run)) && (
          <span class="quiet" data-testid="frozen">
            frozen
          </span>
        )}
        {colorScope.value === "layer" && first && <ColorBar limit={limitOf(run, first, 0)} />}
      </h3>
      {groups.map((group) => (
        <Group key={group[0]?.series.tag} run={run} group={group} step={own} heights={heights} />
      ))}
      <PoolNotes shown={run.shown} />
    </article>
  );
}

type ShownMap = ShownSeries & { heatmap: Heatmap | null };
type AbsentMap = { series: Series; loaded: null };

function asAbsent(series: Series): AbsentMap {
  return { series, loaded: null };
}

/** Matrices with the same columns, between the names of their gates and the numbers of their units. */
function Group({
  run,
  group,
  step: own,
  heights,
}: {
  run: ShownRun;
  group: readonly (ShownMap | AbsentMap)[];
  step: number;
  heights: ReadonlyMap<string, number>;
}) {
  const shown = group.filter((one): one is ShownMap => one.loaded !== null);
  const [first] = shown;
  return (
    <>
      {first && <GateNames shown={shown} gates={first.series.gates} step={own} />}
      {group.map((one) =>
        one.loaded === null ? (
          <Absent key={one.series.tag} series={one.series} hasRunAny={hasKind(run, kind.value)} />
        ) : (
          <MatrixRow
            key={one.series.tag}
            run={run.run}
            series={one.series}
            cells={one.heatmap?.cells.value ?? null}
            limits={one.series.gates.map((_, gate) => limitOf(run, one, gate))}
            height={heights.get(one.series.matrix) ?? STRIP_HEIGHT}
          />
        ),
      )}
      {first && <UnitAxis series={first.series} />}
    </>
  );
}

function PoolNotes({ shown }: { shown: readonly ShownSeries[] }) {
  const pooled = shown.filter(({ series }) => Math.max(...series.heatmaps.pool) > 1);
  return (
    <>
      {pooled.map(({ series }) => (
        <p class="quiet" key={series.tag} data-testid="pooled">
          {words(series.matrix)}: each cell shows the largest magnitude of {series.heatmaps.pool[0]}{" "}
          × {series.heatmaps.pool[1]} values
        </p>
      ))}
    </>
  );
}

function limitOf(run: ShownRun, { series, loaded }: ShownSeries, gate: number): number {
  return loaded.state === "ready"
    ? limitsOnScreen.value({ run: run.run, series, histograms: loaded.value }, gate)
    : 1;
}

/** Rows get as many pixels as there is room for, equally in all matrices; a bias is a strip. */
function matrixHeights(all: readonly Series[]): Map<string, number> {
  const height = Math.max(LEAST_MATRICES_HEIGHT, WINDOW_SHARE * windowHeight.value);
  const rows = all.reduce((sum, series) => sum + (series.rows > 1 ? series.rows : 0), 0);
  const rowHeight = Math.min(LARGEST_ROW, height / Math.max(1, rows));
  return new Map(
    all.map(({ matrix, rows: own }) => [
      matrix,
      own > 1 ? Math.max(LEAST_HEIGHT, Math.round(own * rowHeight)) : STRIP_HEIGHT,
    ]),
  );
}
