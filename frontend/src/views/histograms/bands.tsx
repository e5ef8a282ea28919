/** Percentiles of one gate of one matrix over the steps, a run over the other. A click goes to a step. */

import { useMemo } from "preact/hooks";
import type { Histograms } from "../../decode/histograms";
import { quantilesByStep } from "../../decode/quantile_steps";
import { nearestIndex } from "../../state/steps";
import { dashesOf } from "../parts/dashes";
import { type MarkedLine, NonfiniteMarks, stretchesOf } from "../parts/nonfinite_marks";
import { RunName } from "../parts/run_name";
import { type PlotScales, StepPlot } from "../parts/step_plot";
import type { AxisForm } from "../parts/tick_sets";
import { nonfiniteAt } from "../parts/timeline_statistics";
import {
  decadesOf,
  linearAxis,
  logAxis,
  symmetricLogAxis,
  type VerticalAxis,
} from "../parts/vertical_axis";
import { brief, gateOf } from "../parts/words";
import type { HistogramAxis } from "./axis";
import { type BandStep, bandPaths } from "./band_lines";
import type { CellLine, GridCell } from "./grid_cells";
import { bandsOf } from "./overviews";
import { AXES } from "./scales";

const HEIGHT = 110;
const TICKS = 4;
/** More bands over each other are mud: medians and the 5th and 95th percentile alone are drawn. */
const MOST_FILLED = 3;

export function Bands({ cell }: { cell: GridCell }) {
  const { gate, matrix, axis } = cell;
  const vertical = useMemo(() => verticalOf(axis), [axis]);
  const sources = cell.lines.flatMap((line) => {
    const loaded = line.comparedStep === null ? bandsOf(line) : null;
    return loaded?.state === "ready" ? [{ ...line, histograms: loaded.value }] : [];
  });
  const inputs = [cell, ...sources.map(({ histograms }) => histograms)];
  const lines = useMemo(() => sources, inputs);
  const bands = useMemo(() => lines.map((line) => bandSteps(line, axis)), inputs);
  if (axis.emptiness !== "") {
    return (
      <p class="quiet no-chart" data-testid="bands" data-gate={gate} data-matrix={matrix}>
        {axis.emptiness}
      </p>
    );
  }
  const ends = bands.flatMap((all) => [all[0]?.step ?? [], all.at(-1)?.step ?? []].flat());
  return (
    <StepPlot
      name="bands"
      data={{ "data-gate": gate, "data-matrix": matrix }}
      label={`Percentiles of the ${gateOf(gate, matrix)} over the steps`}
      height={HEIGHT}
      axis={vertical}
      own={ends.length ? [Math.min(...ends), Math.max(...ends)] : null}
      runs={lines}
      isEmpty={false}
      draw={(scales) => <BandsOfRuns lines={lines} bands={bands} scales={scales} />}
      read={(step) =>
        lines.map(({ run, color }, place) => (
          <span key={run}>
            <i class="swatch" style={{ "--run": color }} />
            {readingAt(bands[place] ?? [], step)} {lines.length > 1 && <RunName run={run} />}
          </span>
        ))
      }
    />
  );
}

/** A line with the histograms of many steps. */
type BandLine = CellLine & { histograms: Histograms };

function bandSteps({ histograms, gate }: BandLine, { looked }: HistogramAxis): BandStep[] {
  return quantilesByStep(histograms, gate, looked).map((values, index) => ({
    step: histograms.steps[index] ?? 0,
    values,
  }));
}

/** The axis that histograms have below them, upright. */
const UPRIGHT: Record<AxisForm, (axis: HistogramAxis) => VerticalAxis> = {
  linear: ({ domain }) => linearAxis(domain, TICKS),
  log: ({ domain }) => logAxis(decadesOf(domain) ?? [-1, 0], TICKS),
  "symmetric log": ({ domain: [low, high], small }) =>
    symmetricLogAxis({ low, high, small }, TICKS),
};

function verticalOf(axis: HistogramAxis): VerticalAxis {
  return UPRIGHT[AXES[axis.name].form](axis);
}

interface RunsProperties {
  lines: readonly BandLine[];
  bands: readonly BandStep[][];
  scales: PlotScales;
}

function BandsOfRuns({ lines, bands, scales }: RunsProperties) {
  const { x, y } = scales;
  const drawn = useMemo(
    () => bands.map((all) => bandPaths(all, scales)),
    [bands, y, ...x.domain(), ...x.range()],
  );
  const marked = useMemo(() => lines.map(withStretches), [lines]);
  const dashes = dashesOf(drawn.map(({ median }) => median));
  return (
    <>
      {drawn.map(({ filled, outer, median }, place) => (
        <g key={lines[place]?.run} style={{ "--run": lines[place]?.color }}>
          {lines.length <= MOST_FILLED ? (
            filled.map((d, number) => (
              <path key={SHADES[number]} class={`band ${SHADES[number]}`} d={d} />
            ))
          ) : (
            <path class="outline faint" d={outer} />
          )}
          <path
            class="outline"
            d={median}
            stroke-dasharray={dashes[place]?.pattern}
            stroke-dashoffset={dashes[place]?.offset}
          />
        </g>
      ))}
      <NonfiniteMarks lines={marked} x={x} bottom={y.range()[0] as number} />
    </>
  );
}

/** The names of the bands' shades, from the outermost band to the innermost one. */
const SHADES = ["whole", "most", "half"] as const;

function withStretches({ run, color, histograms, gate }: BandLine): MarkedLine {
  const marked = Array.from(histograms.steps, (step, index) => ({
    step,
    mark: nonfiniteAt(histograms, index, gate),
  }));
  return { run, color, stretches: stretchesOf(marked) };
}

/** The median, and between which numbers nine in ten are. */
function readingAt(all: readonly BandStep[], step: number): string {
  const index = nearestIndex(
    all.map((one) => one.step),
    step,
  );
  const values = all[index]?.values ?? [];
  const [, low, , median, , high] = values;
  return median === undefined || !Number.isFinite(median)
    ? "nothing is finite"
    : `${brief(median)} (5 to 95 %: ${brief(low ?? 0)} … ${brief(high ?? 0)})`;
}
