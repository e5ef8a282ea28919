/** The histograms: rows are gates, columns are matrices; at this step, or over all steps. */

import { computed, useSignalEffect } from "@preact/signals";
import type { ComponentType } from "preact";
import { type Export, ofSeries } from "../../api/export";
import {
  type HistogramView,
  histogramHeight,
  histogramView,
  ridgesRun,
} from "../../state/histogram_settings";
import { fetchHistogramsAround } from "../../state/histograms";
import { shortName } from "../../state/run_names";
import { kind, stepIn } from "../../state/selection";
import { matricesOnScreen, measuredOnScreen } from "../../state/shown";
import type { StepPart } from "../../state/step_parts";
import { nearest } from "../../state/steps";
import { timelineRange } from "../../state/timeline_settings";
import { Card } from "../parts/card";
import { RunName } from "../parts/run_name";
import { Segments } from "../parts/segments";
import { ThinnedNote } from "../parts/thinned_note";
import { useDerived } from "../parts/use_derived";
import { gateName, grouped, words } from "../parts/words";
import { Bands } from "./bands";
import { ColumnNotes } from "./column_notes";
import { ComparedNote } from "./compared_note";
import { type GridCell, gridCells, gridGates } from "./grid_cells";
import { HEIGHTS } from "./heights";
import { Histogram } from "./histogram";
import { NotThere } from "./not_there";
import { bandSources, ridgesOf, sourcesOf } from "./overviews";
import { takeIn } from "./reach";
import { Ridgeline } from "./ridgeline";
import {
  areHistogramsLoading,
  histogramFaults,
  type LoadedLine,
  lookedHistograms,
  shownNow,
} from "./series_lines";

interface View {
  label: string;
  hint: () => string;
  Cell: ComponentType<{ cell: GridCell }>;
  /** What stands below all of them. */
  Note: ComponentType;
  /** All histograms that are drawn, or may be next; read as a signal. */
  drawn: () => readonly LoadedLine[];
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
    Note: StepNotes,
    drawn: () => shownNow.value,
  },
  ridges: {
    label: "ridges over steps",
    hint: () => "a ridge a step, the newest in front; click one to go to its step",
    Cell: RidgelineOfRun,
    Note: RidgesNote,
    drawn: () => [...shownNow.value, ...ridgeSources.value],
  },
  bands: {
    label: "percentiles over steps",
    hint: () =>
      "median, 25 to 75 %, 5 to 95 % and all of the values; click to go to a step, drag to zoom in",
    Cell: Bands,
    Note: BandsNote,
    drawn: () => bandSources.value,
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
  return measuredOnScreen.value.map(({ run, series, statistics }) => {
    const one = { label: words(series.matrix), what: "histograms", run, tag: series.tag } as const;
    const step = nearest(statistics.allSteps, stepIn(run) ?? 0);
    return ofSeries(histogramView.value === "step" && step !== null ? { ...one, step } : one);
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
            {shortName(run)}
          </option>
        ))}
      </select>
    </label>
  );
}

function RidgelineOfRun({ cell }: { cell: GridCell }) {
  const line = cell.lines.find(
    ({ run, comparedStep }) => run === runOfRidges.value && comparedStep === null,
  );
  const loaded = line && ridgesOf(line);
  return line && loaded?.state === "ready" ? (
    <Ridgeline cell={cell} line={line} histograms={loaded.value} />
  ) : (
    <NotThere loaded={loaded} />
  );
}

/** All that is there of the run whose ridges are drawn. */
const ridgeSources = computed(() => sourcesOf(({ run }) => run === runOfRidges.value, ridgesOf));

function RidgesNote() {
  return <OverviewNote sources={ridgeSources.value} range={null} />;
}

function BandsNote() {
  return <OverviewNote sources={bandSources.value} range={timelineRange.value} canZoom />;
}

interface OverviewNoteProperties {
  sources: readonly LoadedLine[];
  range: StepPart | null;
  canZoom?: boolean;
}

/** That not all steps are drawn, where it is so. */
function OverviewNote({ sources: [any], range, canZoom = false }: OverviewNoteProperties) {
  return any ? (
    <ThinnedNote
      name="histograms-thinned"
      canZoom={canZoom}
      steps={any.histograms.steps}
      all={any.line.statistics.allSteps}
      range={range}
    />
  ) : null;
}

function Grid() {
  const { Cell, Note } = VIEWS[histogramView.value];
  useSignalEffect(() => {
    if (histogramView.value !== "bands") {
      fetchHistogramsAround(lookedHistograms());
    }
    for (const { line, histograms } of VIEWS[histogramView.value].drawn()) {
      takeIn(line, histograms);
    }
  });
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
            <span class="gate" key={gate} title={gate}>
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
      <Note />
      <Loading />
    </>
  );
}

/** What stands below the histograms of one step. */
function StepNotes() {
  return (
    <>
      <ComparedNote />
      <OtherSteps />
    </>
  );
}

/** Tells that something is on its way, and why something is not to be had. */
function Loading() {
  return (
    <>
      {histogramView.value !== "bands" && areHistogramsLoading.value && <i aria-busy="true" />}
      {(JSON.parse(histogramFaults.value) as string[]).map((text) => (
        <p class="fault" role="alert" key={text}>
          {text}
        </p>
      ))}
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
  return lines.flatMap(({ run, comparedStep }, place): [string, number][] => {
    const line = now.value[place];
    return comparedStep === null && line?.isThere && !line.isLoading ? [[run, line.step]] : [];
  });
}
