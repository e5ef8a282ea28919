/** The histogram of one gate of one matrix at the shown step, a line a run. */

import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { histogramHeight } from "../../state/histogram_settings";
import { ChartReading } from "../parts/chart_reading";
import { keyboardPointer } from "../parts/keyboard_pointer";
import { RunName } from "../parts/run_name";
import { useDerived } from "../parts/use_derived";
import { useWidth } from "../parts/use_width";
import { gateOf, grouped } from "../parts/words";
import type { GridCell } from "./grid_cells";
import { HEIGHTS } from "./heights";
import { Badges, Words } from "./histogram_words";
import { HorizontalAxis } from "./horizontal_axis";
import { Outlines } from "./outlines";
import { binAt, binText, type PixelRange } from "./pointed_bin";

const HEIGHT = 84;
const TOP = 6;
const AXIS_HEIGHT = 16;
/** The room for the numbers of the vertical axis. */
const MARGIN = 38;

export function Histogram({ cell }: { cell: GridCell }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const pointed = useSignal<number | null>(null);
  const { gate, matrix, axis } = cell;
  const end = Math.max(MARGIN + 1, width);
  const range = [MARGIN, end] as const;
  const label = `Histogram of the ${gateOf(gate, matrix)}`;
  // Made once, since what is compared changes lines alone.
  const horizontal = useMemo(
    () => <HorizontalAxis axis={axis} range={[MARGIN, end]} base={HEIGHT} />,
    [axis, end],
  );
  return (
    <div
      class="histogram"
      ref={box}
      data-testid="histogram"
      data-gate={gate}
      data-matrix={matrix}
      {...keyboardPointer(label)}
      onPointerMove={(event) => {
        const { left } = event.currentTarget.getBoundingClientRect();
        pointed.value = binAt(event.clientX - left, range, axis.count);
      }}
      onPointerLeave={() => {
        pointed.value = null;
      }}
    >
      <svg width={width} height={HEIGHT + AXIS_HEIGHT} role="img" aria-label={label}>
        <VerticalAxis cell={cell} width={width} />
        {horizontal}
        <Outlines cell={cell} range={range} base={HEIGHT} top={TOP} />
        <PointedBin pointed={pointed} range={range} count={axis.count} />
        <Words cell={cell} middle={(MARGIN + width) / 2} />
      </svg>
      <Badges cell={cell} />
      <Reading cell={cell} pointed={pointed} range={range} width={width} />
    </div>
  );
}

/** Its end and the half of it: its lines stay where they are, only their numbers change. */
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

type Pointed = ReadonlySignal<number | null>;

interface PointedProperties {
  pointed: Pointed;
  range: PixelRange;
  count: number;
}

function PointedBin({ pointed, range: [from, to], count }: PointedProperties) {
  const bin = pointed.value;
  const width = (to - from) / count;
  return bin === null ? null : (
    <rect class="pointed" x={from + bin * width} width={width} height={HEIGHT} />
  );
}

interface ReadingProperties {
  cell: GridCell;
  pointed: Pointed;
  range: PixelRange;
  width: number;
}

function Reading({
  cell: { lines, axis, now },
  pointed,
  range: [from, to],
  width,
}: ReadingProperties) {
  const bin = pointed.value;
  if (bin === null || axis.emptiness !== "") {
    return null;
  }
  const { text } = HEIGHTS[histogramHeight.value];
  const areSeveral = new Set(lines.map(({ run }) => run)).size > 1;
  return (
    <ChartReading x={from + ((bin + 0.5) * (to - from)) / axis.count} width={width}>
      <span>{binText(axis, bin)}</span>
      {now.value.map(({ isThere, counts, ofOne }, place) => {
        const { run = "", color, comparedStep = null } = lines[place] ?? {};
        return (
          <span key={`${run} ${comparedStep}`}>
            <i class="swatch" style={{ "--run": color }} />
            {isThere ? text((counts[bin] ?? 0) * ofOne) : "…"} {areSeveral && <RunName run={run} />}
            {comparedStep !== null && ` at step ${grouped(comparedStep)}`}
          </span>
        );
      })}
    </ChartReading>
  );
}
