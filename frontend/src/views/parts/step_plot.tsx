/** What goes over the steps: a click goes to a step, and dragging zooms into some of them, in all such pictures. */

import { type ReadonlySignal, signal, useSignal } from "@preact/signals";
import type { ScaleLinear } from "d3-scale";
import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";
import { chooseStep, isHeld, step, stepIn, steps } from "../../state/selection";
import { nearest } from "../../state/steps";
import { timelineRange } from "../../state/timeline_settings";
import { ChartReading } from "./chart_reading";
import { draggedRange, MARGINS, type StepRange, stepScale, stepTicks } from "./step_scale";
import { useDerived } from "./use_derived";
import { useWidth } from "./use_width";
import type { VerticalAxis } from "./vertical_axis";
import { grouped } from "./words";

const AXIS_HEIGHT = 16;
/** From how many pixels on a movement is no click. */
const DRAGGED = 5;

/** The step that the pointer is on: all pictures mark it. */
const pointedStep = signal<number | null>(null);

document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") {
    timelineRange.value = null;
  }
});

/** What a picture is drawn with. */
export interface PlotScales {
  x: ScaleLinear<number, number>;
  y: VerticalAxis["scale"];
}

interface Properties {
  /** What tests find it by. */
  name: string;
  data: Record<string, string | boolean>;
  label: string;
  height: number;
  axis: VerticalAxis;
  /** The first and the last step that something is drawn at; null where there is nothing. */
  own: StepRange | null;
  runs: readonly { run: string; color: string }[];
  isEmpty: boolean;
  draw: (scales: PlotScales) => ComponentChildren;
  /** What is read off at a step. */
  read: (step: number) => ComponentChildren;
}

export function StepPlot(properties: Properties) {
  const { name, data, label, height, axis, own, runs, isEmpty, draw, read } = properties;
  const [box, width] = useWidth<HTMLDivElement>();
  const x = stepScale(width, own);
  const y = axis.scale.range([height - 4, 6]);
  const isPointed = useSignal(false);
  const brush = useBrush(x);
  const [first = 0, last = 0] = x.domain();
  const valueNow = useDerived(() => step.value ?? first, [first]);
  const [left, right] = x.range() as [number, number];
  // What lies outside of the steps that were zoomed into is cut off.
  const clip = useId();
  return (
    <div
      class="timeline"
      ref={box}
      data-testid={name}
      {...data}
      role="slider"
      tabIndex={0}
      aria-label={`Step, at ${label}`}
      aria-valuemin={first}
      aria-valuemax={last}
      aria-valuenow={valueNow}
      {...brush.handlers}
      onPointerMove={(event) => {
        isPointed.value = true;
        pointedStep.value = nearest(steps.value, x.invert(brush.move(event)));
      }}
      onPointerLeave={() => {
        isPointed.value = false;
        pointedStep.value = null;
      }}
    >
      <svg width={width} height={height + AXIS_HEIGHT} role="img" aria-label={label}>
        {!isEmpty && <VerticalLines axis={axis} width={width} />}
        {!isEmpty &&
          stepTicks(x).map((tick) => (
            <text key={tick.value} x={tick.x} y={height + 12} text-anchor="middle">
              {tick.text}
            </text>
          ))}
        {!isEmpty && (
          <>
            <clipPath id={clip}>
              <rect x={left - 4} width={right - left + 8} height={height} />
            </clipPath>
            <g clip-path={`url(#${clip})`}>
              {draw({ x, y })}
              <Rules x={x} height={height} runs={runs} />
              <BrushedPart brushed={brush.brushed} height={height} />
            </g>
          </>
        )}
      </svg>
      {!isEmpty && <Reading isPointed={isPointed} x={x} width={width} read={read} />}
    </div>
  );
}

function VerticalLines({ axis, width }: { axis: VerticalAxis; width: number }) {
  return (
    <>
      {axis.ticks.map(({ value, text }) => (
        <g key={value}>
          <line
            class="base"
            x1={MARGINS.left}
            x2={width}
            y1={axis.scale(value)}
            y2={axis.scale(value)}
          />
          <text x={MARGINS.left - 5} y={axis.scale(value) + 3} text-anchor="end">
            {text}
          </text>
        </g>
      ))}
    </>
  );
}

type StepAxis = ScaleLinear<number, number>;

interface RulesProperties {
  x: StepAxis;
  height: number;
  runs: Properties["runs"];
}

/** The shown step, that of each run which is held at another one, and that at the pointer; only they move. */
function Rules({ x, height, runs }: RulesProperties) {
  const inputs = [...x.domain(), ...x.range()];
  const now = useDerived(() => placeOf(step.value, x), inputs);
  const pointed = useDerived(() => placeOf(pointedStep.value, x), inputs);
  return (
    <>
      {runs
        .filter(({ run }) => isHeld(run))
        .map(({ run, color }) => (
          <line
            key={run}
            class="held"
            style={{ "--run": color }}
            x1={placeOf(stepIn(run), x)}
            x2={placeOf(stepIn(run), x)}
            y2={height}
          />
        ))}
      <line class="now" x1={now} x2={now} y2={height} />
      <line class="pointed" x1={pointed} x2={pointed} y2={height} />
    </>
  );
}

/** Where nobody sees it. */
const NOWHERE = -100;

function placeOf(at: number | null, x: StepAxis): number {
  return at === null ? NOWHERE : x(at);
}

interface ReadingProperties {
  isPointed: ReadonlySignal<boolean>;
  x: StepAxis;
  width: number;
  read: Properties["read"];
}

function Reading({ isPointed, x, width, read }: ReadingProperties) {
  const at = isPointed.value ? pointedStep.value : null;
  return at === null ? null : (
    <ChartReading x={x(at)} width={width}>
      <span>step {grouped(at)}</span>
      {read(at)}
    </ChartReading>
  );
}

/** Where a drag began and where it is, in pixels. */
type Brushed = readonly [number, number];

function BrushedPart({
  brushed,
  height,
}: {
  brushed: ReadonlySignal<Brushed | null>;
  height: number;
}) {
  if (!brushed.value) {
    return null;
  }
  const [from, to] = brushed.value;
  return (
    <rect class="brushed" x={Math.min(from, to)} width={Math.abs(to - from)} height={height} />
  );
}

/** Tells a click, which goes to a step, from dragging over some steps, and from a double click, which shows all. */
function useBrush(x: StepAxis) {
  const brushed = useSignal<Brushed | null>(null);
  const start = useRef<number | null>(null);
  const wasDragged = useRef(false);
  const stop = () => {
    start.current = null;
    brushed.value = null;
  };
  return {
    brushed,
    /** Takes a movement in, and gives its place in pixels. */
    move: (event: PointerEvent): number => {
      const at = placeInside(event);
      if (start.current !== null && (brushed.value || Math.abs(at - start.current) >= DRAGGED)) {
        (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
        brushed.value = [start.current, at];
        wasDragged.current = true;
      }
      return at;
    },
    handlers: {
      onPointerDown: (event: PointerEvent) => {
        start.current = event.button === 0 ? placeInside(event) : null;
        wasDragged.current = false;
      },
      onPointerUp: () => {
        const range =
          brushed.value &&
          draggedRange(steps.value, x.invert(brushed.value[0]), x.invert(brushed.value[1]));
        stop();
        if (range) {
          timelineRange.value = range;
        }
      },
      onPointerCancel: stop,
      onClick: (event: MouseEvent) => {
        const wanted = nearest(steps.value, x.invert(placeInside(event)));
        if (!wasDragged.current && wanted !== null) {
          chooseStep(wanted);
        }
      },
      onDblClick: () => {
        timelineRange.value = null;
      },
    },
  };
}

function placeInside(event: MouseEvent): number {
  const box = event.currentTarget as HTMLElement;
  return event.clientX - box.getBoundingClientRect().left;
}
