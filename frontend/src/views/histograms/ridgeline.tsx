/** One run's histograms of one gate of one matrix over the steps, a ridge a step. A click goes to a step. */

import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { chooseStep, stepIn } from "../../state/selection";
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
import { baseline, indexAt, RIDGES, ridgeIndexes, ridgeScale } from "./ridge_layout";

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
}

export function Ridgeline({ cell, line }: Properties) {
  const [box, width] = useWidth<HTMLDivElement>();
  const pointed = useSignal<number | null>(null);
  const { gate, matrix, axis } = cell;
  const { steps } = line.histograms;
  const range = [MARGIN, Math.max(MARGIN + 1, width)] as const;
  const ridges = useRidges(line, axis, range);
  const label = `Histograms of the ${gateOf(gate, matrix)} over the steps`;
  const at = (event: MouseEvent) => {
    const { top } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return indexAt(event.clientY - top, ridges.indexes, steps.length);
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
        const index = at(event);
        if (index !== null) {
          chooseStep(steps[index] ?? 0);
        }
      }}
    >
      <svg width={width} height={BASE + AXIS_HEIGHT} role="img" aria-label={label}>
        <HorizontalAxis axis={axis} range={range} base={BASE} />
        <StepNumbers steps={steps} indexes={ridges.indexes} />
        {ridges.paths.map((d, place) => (
          <path
            key={ridges.indexes[place]}
            class="ridge"
            data-step={steps[ridges.indexes[place] ?? 0]}
            d={d}
            style={{ "--age": `${ageOf(place, ridges.paths.length)}%` }}
          />
        ))}
        <StrongRidge name="pointed" ridges={ridges} index={pointed} />
        <ShownRidge line={line} ridges={ridges} />
      </svg>
      <Reading pointed={pointed} steps={steps} width={width} />
    </div>
  );
}

interface Ridges {
  /** The steps that have one, by their index. */
  indexes: readonly number[];
  paths: readonly string[];
  /** The path of any step, whether it has a ridge or not. */
  path: (index: number) => string;
}

/** All ridges: built once, since going from step to step doesn't change them. */
function useRidges(
  { histograms, gate }: CellLine,
  axis: HistogramAxis,
  [from, to]: PixelRange,
): Ridges {
  return useMemo(() => {
    const count = histograms.steps.length;
    const indexes = ridgeIndexes(count);
    const edges = binEdges(axis.count, [from, to]);
    const at = (index: number) => lineAt(histograms, index, gate, axis);
    const { scale, most } = ridgeScale(
      indexes.map((index) => at(index).highest / Math.max(1, at(index).total)),
    );
    const path = (index: number) => {
      const { counts, total } = at(index);
      const base = baseline(index, count);
      return total > 0 ? outline(counts, edges, scale / total, base, base - most) : "";
    };
    return { indexes, paths: indexes.map(path), path };
  }, [histograms, gate, axis, from, to]);
}

function ageOf(place: number, count: number): number {
  return FAINTEST + ((STRONGEST - FAINTEST) * place) / Math.max(1, count - 1);
}

/** The numbers of some steps, as many as stand apart; the last one always. */
function StepNumbers({ steps, indexes }: { steps: Float64Array; indexes: readonly number[] }) {
  const every = Math.ceil(
    (indexes.length * NUMBER_HEIGHT) / (RIDGES.last - RIDGES.first + NUMBER_HEIGHT),
  );
  return (
    <>
      {indexes
        .filter((_, place) => (indexes.length - 1 - place) % every === 0)
        .map((index) => (
          <text key={index} x={MARGIN - 6} y={baseline(index, steps.length)} text-anchor="end">
            {grouped(steps[index] ?? 0)}
          </text>
        ))}
    </>
  );
}

function ShownRidge({ line, ridges }: { line: CellLine; ridges: Ridges }) {
  const { run, histograms } = line;
  const index = useDerived(
    () => nearestIndex(histograms.steps, stepIn(run) ?? 0),
    [histograms, run],
  );
  return <StrongRidge name="strong" ridges={ridges} index={index} />;
}

interface StrongProperties {
  name: string;
  ridges: Ridges;
  index: ReadonlySignal<number | null>;
}

function StrongRidge({ name, ridges, index }: StrongProperties) {
  const d = useDerived(
    () => (index.value === null ? "" : ridges.path(index.value)),
    [ridges, index],
  );
  return <path class={`ridge ${name}`} d={d} />;
}

interface ReadingProperties {
  pointed: ReadonlySignal<number | null>;
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
