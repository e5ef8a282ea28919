/** One run's histograms of one gate of one matrix over the steps, a ridge a step. A click goes to a step. */

import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Histograms } from "../../decode/histograms";
import { chooseStep } from "../../state/selection";
import { nearestIndex } from "../../state/steps";
import { ChartReading } from "../parts/chart_reading";
import { keyboardPointer } from "../parts/keyboard_pointer";
import { useDerived } from "../parts/use_derived";
import { useWidth } from "../parts/use_width";
import { gateOf, grouped } from "../parts/words";
import type { HistogramAxis } from "./axis";
import { type CellLine, type GridCell, lineAt } from "./grid_cells";
import { HorizontalAxis } from "./horizontal_axis";
import { binEdges, outline } from "./outline";
import type { PixelRange } from "./pointed_bin";
import { baseline, RIDGES, ridgeAt, ridgeScale } from "./ridge_layout";

const AXIS_HEIGHT = 16;
const BASE = RIDGES.last + 4;
/** The room for the steps at the left. */
const MARGIN = 46;
/** How many pixels a step's number needs. */
const NUMBER_HEIGHT = 16;
/** How much of the run's colour the first and the last ridge have, in percent. */
const FAINTEST = 35;
const STRONGEST = 90;

interface Properties {
  cell: GridCell;
  /** The run that is drawn. */
  line: CellLine;
  /** Those of the steps that have a ridge. */
  histograms: Histograms;
}

export function Ridgeline({ cell, line, histograms }: Properties) {
  const [box, width] = useWidth<HTMLDivElement>();
  const pointed = useSignal<number | null>(null);
  const { gate, matrix, axis } = cell;
  const range = [MARGIN, Math.max(MARGIN + 1, width)] as const;
  const ridges = useRidges(line, histograms, axis, range);
  const label = `Histograms of the ${gateOf(gate, matrix)} over the steps`;
  const at = (event: MouseEvent) => {
    const { top } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return ridgeAt(event.clientY - top, ridges.baselines);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its role and its keys are those of keyboardPointer.
    // biome-ignore lint/a11y/useKeyWithClickEvents: as above.
    <div
      class="ridgeline"
      ref={box}
      data-testid="ridgeline"
      data-gate={gate}
      data-matrix={matrix}
      data-run={line.run}
      style={{ "--run": line.color }}
      {...keyboardPointer(label)}
      onPointerMove={(event) => {
        pointed.value = at(event);
      }}
      onPointerLeave={() => {
        pointed.value = null;
      }}
      onClick={(event) => {
        const step = ridges.steps[at(event) ?? -1];
        if (step !== undefined) {
          chooseStep(step);
        }
      }}
    >
      <svg width={width} height={BASE + AXIS_HEIGHT} role="img" aria-label={label}>
        <HorizontalAxis axis={axis} range={range} base={BASE} />
        <StepNumbers ridges={ridges} />
        {ridges.paths.map((d, place) => (
          <path
            key={ridges.steps[place]}
            class="ridge"
            data-step={ridges.steps[place]}
            d={d}
            style={{ "--age": `${ageOf(place, ridges.paths.length)}%` }}
          />
        ))}
        <PointedRidge ridges={ridges} pointed={pointed} />
        <ShownRidge line={line} ridges={ridges} />
      </svg>
      <Reading pointed={pointed} steps={ridges.steps} width={width} />
    </div>
  );
}

interface Ridges {
  /** The steps that have one. */
  steps: Float64Array;
  baselines: readonly number[];
  paths: readonly string[];
  /** The path of a histogram of any step, whether that has a ridge or not. */
  path: (histograms: Histograms, index: number) => string;
}

/** All ridges: built once, since going from step to step doesn't change them. */
function useRidges(
  { statistics: { allSteps }, gate }: CellLine,
  histograms: Histograms,
  axis: HistogramAxis,
  [from, to]: PixelRange,
): Ridges {
  return useMemo(() => {
    const { steps } = histograms;
    const edges = binEdges(axis.count, [from, to]);
    const baselineOf = (step: number) => baseline(nearestIndex(allSteps, step), allSteps.length);
    const all = Array.from(steps, (_, index) => lineAt(histograms, index, gate, axis));
    const { scale, most } = ridgeScale(
      all.map(({ highest, total }) => highest / Math.max(1, total)),
    );
    const path = (shown: Histograms, index: number) => {
      const { counts, total, step } = lineAt(shown, index, gate, axis);
      const base = baselineOf(step);
      return total > 0 ? outline(counts, edges, scale / total, base, base - most) : "";
    };
    return {
      steps,
      baselines: Array.from(steps, baselineOf),
      paths: Array.from(steps, (_, index) => path(histograms, index)),
      path,
    };
  }, [allSteps, histograms, gate, axis, from, to]);
}

function ageOf(place: number, count: number): number {
  return FAINTEST + ((STRONGEST - FAINTEST) * place) / Math.max(1, count - 1);
}

/** The numbers of some steps, as many as stand apart; the last one always. */
function StepNumbers({ ridges: { steps, baselines } }: { ridges: Ridges }) {
  const every = Math.ceil(
    (steps.length * NUMBER_HEIGHT) / (RIDGES.last - RIDGES.first + NUMBER_HEIGHT),
  );
  return (
    <>
      {[...steps].map((step, place) =>
        (steps.length - 1 - place) % every === 0 ? (
          <text key={step} x={MARGIN - 6} y={baselines[place]} text-anchor="end">
            {grouped(step)}
          </text>
        ) : null,
      )}
    </>
  );
}

type Pointed = ReadonlySignal<number | null>;

function PointedRidge({ ridges, pointed }: { ridges: Ridges; pointed: Pointed }) {
  const d = useDerived(() => ridges.paths[pointed.value ?? -1] ?? "", [ridges, pointed]);
  return <path class="ridge pointed" d={d} />;
}

function ShownRidge({ line: { now }, ridges }: { line: CellLine; ridges: Ridges }) {
  const d = useDerived(() => {
    const { histograms, index } = now.value;
    return histograms ? ridges.path(histograms, index) : "";
  }, [ridges, now]);
  return <path class="ridge strong" d={d} />;
}

interface ReadingProperties {
  pointed: Pointed;
  steps: Float64Array;
  width: number;
}

function Reading({ pointed, steps, width }: ReadingProperties) {
  return pointed.value === null ? null : (
    <ChartReading x={width} width={width}>
      <span>step {grouped(steps[pointed.value] ?? 0)}</span>
    </ChartReading>
  );
}
