/** The histograms: rows are gates, columns are matrices; at this step, or over all steps. */

import { computed } from "@preact/signals";
import type { ComponentType } from "preact";
import type { Export } from "../../api/export";
import {
  type HistogramView,
  histogramHeight,
  histogramView,
  ridgesRun,
} from "../../state/histogram_settings";
import { kind, stepIn } from "../../state/selection";
import { loadedOnScreen, matricesOnScreen } from "../../state/shown";
import { nearest } from "../../state/steps";
import { Card } from "../parts/card";
import { RunName } from "../parts/run_name";
import { Segments } from "../parts/segments";
import { useDerived } from "../parts/use_derived";
import { gateName, grouped, words } from "../parts/words";
import { Bands } from "./bands";
import { ColumnNotes } from "./column_notes";
import { type GridCell, gridCells, gridGates } from "./grid_cells";
import { HEIGHTS } from "./heights";
import { Histogram } from "./histogram";
import { Ridgeline } from "./ridgeline";

interface View {
  label: string;
  hint: () => string;
  Cell: ComponentType<{ cell: GridCell }>;
}

/** The views of histograms. A further one is one more row. */
const VIEWS: Record<HistogramView, View> = {
  step: {
    label: "this step",
    hint: () => {
      const [cell] = gridCells.value;
      return cell ? HEIGHTS[histogramHeight.value].hint(cell.axis) : "";
    },
    Cell: Histogram,
  },
  ridges: {
    label: "ridges over steps",
    hint: () => "a ridge a step, the newest in front; click one to go to its step",
    Cell: RidgelineOfRun,
  },
  bands: {
    label: "percentiles over steps",
    hint: () =>
      "median, 25 to 75 %, 5 to 95 % and all of the values; click to go to a step, drag to zoom in",
    Cell: Bands,
  },
};

const VIEW_OPTIONS = Object.entries(VIEWS).map(
  ([name, { label }]) => [name as HistogramView, label] as const,
);

export function HistogramGrid() {
  return (
    <Card
      name="histograms"
      title="Histograms"
      hint={VIEWS[histogramView.value].hint()}
      aside={<ViewChoice />}
      data={numbers}
    >
      <Grid />
    </Card>
  );
}

/** The bins of this step, or of all steps where these are drawn. */
function numbers(): Export[] {
  return loadedOnScreen.value.flatMap(({ run, series, histograms }) => {
    const one = { label: words(series.matrix), what: "histograms", run, tag: series.tag } as const;
    const step = nearest(histograms.steps, stepIn(run) ?? 0);
    return [histogramView.value === "step" && step !== null ? { ...one, step } : one];
  });
}

function ViewChoice() {
  return (
    <>
      {histogramView.value === "ridges" && <RunChoice />}
      <Segments
        label="Histograms of"
        name="histogram-view"
        options={VIEW_OPTIONS}
        value={histogramView.value}
        onChoose={(view) => {
          histogramView.value = view;
        }}
      />
    </>
  );
}

/** The runs that have histograms here. */
const runsOfGrid = computed(() => [
  ...new Set(gridCells.value.flatMap(({ lines }) => lines.map(({ run }) => run))),
]);

/** The run of which ridges are drawn: those of several over each other are mud. */
const runOfRidges = computed(() => {
  const all = runsOfGrid.value;
  return ridgesRun.value !== null && all.includes(ridgesRun.value) ? ridgesRun.value : all[0];
});

function RunChoice() {
  return runsOfGrid.value.length < 2 ? null : (
    <label class="run-choice">
      of{" "}
      <select
        data-testid="ridges-run"
        value={runOfRidges.value}
        onChange={(event) => {
          ridgesRun.value = event.currentTarget.value;
        }}
      >
        {runsOfGrid.value.map((run) => (
          <option key={run} value={run}>
            {run}
          </option>
        ))}
      </select>
    </label>
  );
}

function RidgelineOfRun({ cell }: { cell: GridCell }) {
  const line = cell.lines.find(({ run }) => run === runOfRidges.value);
  return line ? <Ridgeline cell={cell} line={line} /> : <span />;
}

function Grid() {
  const { Cell } = VIEWS[histogramView.value];
  const cells = new Map(gridCells.value.map((cell) => [`${cell.gate} ${cell.matrix}`, cell]));
  return (
    <>
      <div
        class="grid"
        style={{ "--columns": matricesOnScreen.value.length }}
        data-testid="histograms"
      >
        <span />
        {matricesOnScreen.value.map((matrix) => (
          <span class="column-name" key={matrix}>
            {words(matrix)}
            <ColumnNotes matrix={matrix} />
          </span>
        ))}
        {gridGates.value.map((gate) => (
          <>
            <span class="gate" key={gate}>
              {gateName(kind.value, gate)}
            </span>
            {matricesOnScreen.value.map((matrix) => {
              const key = `${gate} ${matrix}`;
              const cell = cells.get(key);
              return cell ? <Cell key={key} cell={cell} /> : <span key={key} />;
            })}
          </>
        ))}
      </div>
      {histogramView.value === "step" && <OtherSteps />}
    </>
  );
}

/** The runs of which another step is drawn than the shown one, which they lack. */
function OtherSteps() {
  const others = useDerived(
    () =>
      JSON.stringify(
        [...new Map(gridCells.value.flatMap(stepsOfRuns))].filter(
          ([run, step]) => step !== stepIn(run),
        ),
      ),
    [],
  );
  const found = JSON.parse(others.value) as [string, number][];
  return found.length === 0 ? null : (
    <p class="quiet" data-testid="histogram-steps">
      The nearest steps at hand:{" "}
      {found.map(([run, step]) => (
        <span key={run}>
          <RunName run={run} /> {grouped(step)}{" "}
        </span>
      ))}
    </p>
  );
}

function stepsOfRuns({ lines, now }: GridCell): [string, number][] {
  return lines.map(({ run }, place) => [run, now.value[place]?.step ?? 0]);
}
