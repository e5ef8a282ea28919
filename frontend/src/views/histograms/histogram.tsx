/** The histogram of one gate of one matrix at the shown step, a line a run. */

import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { histogramHeight } from "../../state/histogram_settings";
import { ChartReading } from "../parts/chart_reading";
import { dashesOf } from "../parts/dashes";
import { RunName } from "../parts/run_name";
import { useDerived } from "../parts/use_derived";
import { useWidth } from "../parts/use_width";
import { gateOf, percent } from "../parts/words";
import { type GridCell, isAllZero } from "./grid_cells";
import { HEIGHTS } from "./heights";
import { HorizontalAxis } from "./horizontal_axis";
import { binAt, binText } from "./bins_text";
import { binEdges, outline } from "./outline";

const HEIGHT = 84;
const TOP = 6;
const AXIS_HEIGHT = 16;
/** The room for the numbers of the vertical axis. */
export const MARGIN = 36;
/** More filled ones over each other are mud: their outlines alone are drawn. */
const MOST_FILLED = 3;

export function Histogram({ cell }: { cell: GridCell }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const pointed = useSignal<number | null>(null);
  const { gate, matrix, axis } = cell;
  const range = [MARGIN, Math.max(MARGIN + 1, width)] as const;
  return (
    <div
      class="histogram"
      ref={box}
      data-testid="histogram"
      data-gate={gate}
      data-matrix={matrix}
      onPointerMove={(event) => {
        const { left } = event.currentTarget.getBoundingClientRect();
        pointed.value = binAt(event.clientX - left, range, axis.count);
      }}
      onPointerLeave={() => {
        pointed.value = null;
      }}
    >
      <svg
        width={width}
        height={HEIGHT + AXIS_HEIGHT}
        role="img"
        aria-label={`Histogram of the ${gateOf(gate, matrix)}`}
      >
        <VerticalAxis cell={cell} width={width} />
        <HorizontalAxis axis={axis} range={range} base={HEIGHT} />
        <Outlines cell={cell} width={width} />
        <PointedBin pointed={pointed} range={range} count={axis.count} />
        <Words cell={cell} middle={(MARGIN + width) / 2} />
      </svg>
      <Badges cell={cell} />
      <Reading cell={cell} pointed={pointed} range={range} width={width} />
    </div>
  );
}

/** Its end and the half of it; the lines stay where they are, only the numbers change. */
function VerticalAxis({ cell: { top }, width }: { cell: GridCell; width: number }) {
  const end = useDerived(() => HEIGHTS[histogramHeight.value].tick(top.value), [top]);
  const half = useDerived(() => HEIGHTS[histogramHeight.value].tick(top.value / 2), [top]);
  return (
    <>
      {[
        { text: end, y: TOP },
        { text: half, y: (TOP + HEIGHT) / 2 },
      ].map(({ text, y }) => (
        <g key={y}>
          <line class="base" x1={MARGIN} x2={width} y1={y} y2={y} />
          <text x={MARGIN - 5} y={y + 3} text-anchor="end">
            {text}
          </text>
        </g>
      ))}
    </>
  );
}

/** The lines of all runs: going to another step changes their paths, and nothing else. */
function Outlines({ cell, width }: { cell: GridCell; width: number }) {
  const { lines, axis, now, top } = cell;
  const edges = useMemo(
    () => binEdges(axis.count, [MARGIN, Math.max(MARGIN + 1, width)]),
    [axis, width],
  );
  const paths = useDerived(() => {
    const pixels = (HEIGHT - TOP) / top.value;
    return now.value.map(({ counts, ofOne, total }) =>
      total > 0 ? outline(counts, edges, ofOne * pixels, HEIGHT, TOP) : "",
    );
  }, [cell, edges]);
  const dashes = useDerived(() => dashesOf(paths.value), [paths]);
  return (
    <>
      {lines.map(({ run, color }, place) => (
        <Outline
          key={run}
          color={color}
          isFilled={lines.length <= MOST_FILLED}
          d={useIn(paths, (all) => all[place] ?? "")}
          pattern={useIn(dashes, (all) => all[place]?.pattern)}
          offset={useIn(dashes, (all) => all[place]?.offset)}
        />
      ))}
    </>
  );
}
