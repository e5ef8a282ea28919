/** One run's matrices as heatmaps: the kernel above the recurrent kernel above the bias. */

import { computed } from "@preact/signals";
import { sort } from "d3-array";
import type { Series } from "../../api/catalog";
import type { Span } from "../../paint/span";
import { inGroups } from "../../state/columns";
import { differenceSpans } from "../../state/differences";
import { hasKind, isFrozen, modelOrder } from "../../state/frozen";
import { isSquare } from "../../state/kinds";
import { referenceHeatmap } from "../../state/reference";
import { kind, openWeights } from "../../state/selection";
import { type ShownRun, type ShownSeries, shownOnScreen, spansOnScreen } from "../../state/shown";
import { scopeOfColors } from "../../state/spans";
import { AS_STORED, type Order } from "../../state/unit_order";
import { HeldStep } from "../parts/held_step";
import { LayerChoice } from "../parts/layer_choice";
import { RunName } from "../parts/run_name";
import { SaveMenu } from "../parts/save_menu";
import { heatmapExports } from "../parts/shown_exports";
import { useWidth } from "../parts/use_width";
import { windowHeight } from "../parts/window_height";
import { sentence, words } from "../parts/words";
import { Absent } from "./absent";
import { cellsNear, cellsOf, stepOf } from "./card_cells";
import { ColorBar } from "./color_bar";
import { ColumnAxis } from "./column_axis";
import { GateNames } from "./gate_names";
import { matrixHeights, squareSide } from "./heights";
import { MatrixRow } from "./matrix_row";
import { useOrders } from "./use_orders";

/** As wide as the names at the left of the heatmaps; see `.matrix`. */
const ROW_AXIS_WIDTH = 92;

/** The cell that the title tells of: that of the first run. */
const titleCell = computed(() => shownOnScreen.value[0]?.shown[0]?.series.cell);

export function RunCard({ run }: { run: ShownRun }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const [first] = run.shown;
  const isSquared = isSquare(kind.value) && first !== undefined;
  const side = isSquared
    ? squareSide(first.series, width - ROW_AXIS_WIDTH, windowHeight.value)
    : null;
  const heights = matrixHeights(
    run.shown.map(({ series }) => series),
    windowHeight.value,
  );
  const order = modelOrder(run);
  const groups = inGroups(
    sort([...run.shown, ...run.absent.map(asAbsent)], ({ series }) => order(series)),
  );
  return (
    <article class="card run-card" data-testid="run-card" data-run={run.run}>
      <h3>
        <i class="swatch" style={{ "--run": run.color }} />
        <RunName run={run.run} />
        <LayerChoice run={run} />
        {first && first.series.cell !== titleCell.value && (
          <span class="quiet">{first.series.cell}</span>
        )}
        {first && <CardStep run={run} />}
        {isFrozen(openWeights(run)) && (
          <span class="quiet" data-testid="frozen">
            frozen
          </span>
        )}
        {scopeOfColors() === "layer" && first && <LayerBar run={run} first={first} />}
        {first && (
          <SaveMenu
            name="heatmaps"
            title={`${words(kind.value.name)} of ${run.run}`}
            data={() => heatmapExports(run.run, run.shown)}
          />
        )}
      </h3>
      {run.reasons.map(({ text }) => (
        <p key={text} class="reason" data-testid="reason">
          {sentence(text)}
        </p>
      ))}
      <div
        class="matrices"
        ref={box}
        style={
          first && side !== null ? { "--widest": `${side * first.series.gates.length}px` } : {}
        }
      >
        {groups.map((group) => (
          <Group
            key={group[0]?.series.tag}
            run={run}
            group={group}
            heightOf={({ matrix }) => side ?? heights.get(matrix) ?? 0}
          />
        ))}
      </div>
      <PoolNotes shown={run.shown} />
    </article>
  );
}

/** The colours that all matrices of a run share: of their differences, where it is compared with something. */
function LayerBar({ run, first }: { run: ShownRun; first: ShownSeries }) {
  const difference = differenceSpans(run.run, first.series);
  const span = difference?.state === "ready" ? difference.value[0] : spanOf(run, first, 0);
  return <ColorBar span={span ?? null} isDifference={difference?.state === "ready"} />;
}

/** By itself, so that a step that goes by changes nothing else of the card. */
function CardStep({ run }: { run: ShownRun }) {
  return <HeldStep run={run.run} nearest={stepOf(run)} />;
}

type AbsentSeries = { series: Series; loaded: null };

function asAbsent(series: Series): AbsentSeries {
  return { series, loaded: null };
}

/** Matrices with the same columns, between the names of their gates and their numbers. */
function Group({
  run,
  group,
  heightOf,
}: {
  run: ShownRun;
  group: readonly (ShownSeries | AbsentSeries)[];
  heightOf: (series: Series) => number;
}) {
  const shown = group.filter((one): one is ShownSeries => one.loaded !== null);
  const [first] = shown;
  const orders = useOrders(run.run, shown);
  return (
    <>
      {first && <GateNames run={run} shown={shown} />}
      {group.map((one) =>
        one.loaded === null ? (
          <Absent
            key={one.series.tag}
            series={one.series}
            isExplained={run.reasons.length > 0}
            hasRunAny={hasKind(run, kind.value.name)}
          />
        ) : (
          <ShownMatrix
            key={one.series.tag}
            run={run}
            shown={one}
            order={orders?.get(one.series.tag) ?? AS_STORED}
            height={heightOf(one.series)}
          />
        ),
      )}
      {first && (
        <ColumnAxis series={first.series} order={orders?.get(first.series.tag)?.columns ?? null} />
      )}
    </>
  );
}

interface ShownMatrixProperties {
  run: ShownRun;
  shown: ShownSeries;
  order: Order;
  height: number;
}

/** A matrix with what is taken from it, once it is known between what colours the difference is painted. */
function ShownMatrix({ run, shown, order, height }: ShownMatrixProperties) {
  const { series } = shown;
  const reference = referenceHeatmap(run.run, series);
  const spans = series.gates.map((_, gate) => spanOf(run, shown, gate));
  const difference = reference && differenceSpans(run.run, series);
  return (
    <MatrixRow
      run={run.run}
      series={series}
      cells={cellsNear(run.run, series)}
      minus={
        difference?.state === "loading"
          ? difference
          : reference && cellsOf(series, reference.planes.value)
      }
      order={order}
      spans={spans}
      // Where none are to be had, those of the values.
      differenceSpans={difference?.state === "ready" ? difference.value : spans}
      height={height}
    />
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

function spanOf(run: ShownRun, { series, loaded }: ShownSeries, gate: number): Span {
  return loaded.state === "ready"
    ? spansOnScreen.value({ run: run.run, series, statistics: loaded.value }, gate)
    : { low: 0.1, high: 1 };
}
