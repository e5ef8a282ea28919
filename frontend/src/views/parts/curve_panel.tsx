/** Curves over a whole-numbered axis on one logarithmic scale: strong ones for now, faint ones for other steps. */

import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import { nearestCurve } from "./nearest_curve";
import { useWidth } from "./use_width";
import { logAxis } from "./vertical_axis";
import { brief, grouped } from "./words";

const AXIS_HEIGHT = 18;
const MARGIN = 40;
const RIGHT = 8;
const TOP = 8;
const PIXELS_A_DECADE_TICK = 22;
const PIXELS_A_TICK = 40;
/** The room that the word at the end of the axis takes. */
const WORD_WIDTH = 46;
/** From how far off a curve is the one that is meant, in pixels. */
const NEAR = 24;

/** How much of a run's colour the first and the last step's curves have, in percent. */
const FAINTEST = 22;
const STRONGEST = 85;

/** One curve. */
export interface Curve {
  run: string;
  color: string;
  step: number;
  values: ArrayLike<number>;
  /** Where its step is between the first one, 0, and the last, 1. */
  age: number;
}

/** A point that is marked. */
export interface Mark {
  color: string;
  at: number;
  value: number;
}

interface Properties {
  label: string;
  /** What tests find it by. */
  name: string;
  data?: Record<string, string>;
  /** The curves of the shown step. */
  strong: readonly Curve[];
  /** Those of other steps: the same list as long as they are the same. */
  faint: readonly Curve[];
  marks?: readonly Mark[];
  /** The first and the last decade of the vertical axis, as powers of ten. */
  decades: readonly [number, number];
  /** How many values a curve has. */
  length: number;
  height: number;
  axisWord: string;
  /** A value that has a line of its own. */
  reference?: number;
  onPick: (step: number) => void;
}

interface Pointed {
  at: number;
  curve: Curve;
}

export function CurvePanel(properties: Properties) {
  const { label, name, strong, faint, marks = [], decades, length, height, onPick } = properties;
  const [box, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const bottom = height - AXIS_HEIGHT;
  const x = scaleLinear()
    .domain([0, Math.max(1, length - 1)])
    .range([MARGIN, Math.max(MARGIN + 1, width - RIGHT)]);
  const axis = logAxis(decades, (bottom - TOP) / PIXELS_A_DECADE_TICK);
  const y = axis.scale.range([bottom, TOP]);
  const path = line<number>(
    (_, place) => x(place),
    (value) => y(value),
  ).defined((value) => value > 0 && Number.isFinite(value));
  const [first, last] = decades;
  // Going through the steps draws only the strong ones anew.
  const faintPaths = useMemo(
    () => faint.map((curve) => ({ curve, d: path(Array.from(curve.values)) ?? "" })),
    [faint, width, height, first, last, length],
  );
  const find = (event: PointerEvent | MouseEvent): Pointed | null => {
    const { left, top } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const at = Math.round(x.invert(event.clientX - left));
    const all = strong.length > 1 ? strong : [...strong, ...faint];
    const curve = nearestCurve(all, at, event.clientY - top, y, NEAR);
    return curve && { at, curve };
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the arrow keys move the step, wherever the focus is.
    // biome-ignore lint/a11y/noStaticElementInteractions: as above.
    <div
      class="curves"
      ref={box}
      data-testid={name}
      {...properties.data}
      onPointerMove={(event) => setPointed(find(event))}
      onPointerLeave={() => setPointed(null)}
      onClick={(event) => {
        const found = find(event);
        if (found) {
          onPick(found.curve.step);
        }
      }}
    >
      <svg width={width} height={height} role="img" aria-label={label}>
        {axis.ticks.map(({ value, text }) => (
          <g key={value}>
            <line class="base" x1={MARGIN} x2={width - RIGHT} y1={y(value)} y2={y(value)} />
            <text x={MARGIN - 5} y={y(value) + 3} text-anchor="end">
              {text}
            </text>
          </g>
        ))}
        {properties.reference !== undefined && (
          <line
            class="reference"
            x1={MARGIN}
            x2={width - RIGHT}
            y1={y(properties.reference)}
            y2={y(properties.reference)}
          />
        )}
        <HorizontalNumbers {...{ x, length, width, y: height - 4, word: properties.axisWord }} />
        {faintPaths.map(({ curve, d }) => (
          <path
            key={`${curve.run} ${curve.step}`}
            class="faint"
            d={d}
            style={{
              "--run": curve.color,
              "--age": `${FAINTEST + (STRONGEST - FAINTEST) * curve.age}%`,
            }}
          />
        ))}
        {strong.map((curve) => (
          <StrongPath
            key={curve.run}
            color={curve.color}
            d={path(Array.from(curve.values)) ?? ""}
          />
        ))}
        {marks.map(({ color, at, value }) => (
          <circle
            key={color}
            class="mark"
            style={{ "--run": color }}
            cx={x(at)}
            cy={y(value)}
            r={4}
          />
        ))}
        {pointed && (
          <>
            <path class="pointed-curve" d={path(Array.from(pointed.curve.values)) ?? ""} />
            <circle
              class="pointed-dot"
              cx={x(pointed.at)}
              cy={y(pointed.curve.values[pointed.at] ?? 0)}
              r={3}
            />
          </>
        )}
      </svg>
      {pointed && <Reading pointed={pointed} strong={strong} word={properties.axisWord} />}
    </div>
  );
}

function StrongPath({ color, d }: { color: string; d: string }) {
  return (
    <g style={{ "--run": color }}>
      <path class="halo" d={d} />
      <path class="strong" d={d} />
    </g>
  );
}

interface NumbersProperties {
  x: (value: number) => number;
  length: number;
  width: number;
  y: number;
  word: string;
}

/** The numbers of the horizontal axis, and what they count, at its end. */
function HorizontalNumbers({ x, length, width, y, word }: NumbersProperties) {
  const count = Math.max(1, Math.floor((width - MARGIN - WORD_WIDTH) / PIXELS_A_TICK));
  const numbers = scaleLinear()
    .domain([0, Math.max(1, length - 1)])
    .ticks(count)
    .filter((tick) => Number.isInteger(tick) && x(tick) < width - WORD_WIDTH - RIGHT);
  return (
    <>
      {numbers.map((tick) => (
        <text key={tick} x={x(tick)} y={y} text-anchor="middle">
          {tick}
        </text>
      ))}
      <text x={width - RIGHT} y={y} text-anchor="end">
        {word} →
      </text>
    </>
  );
}

/** What the pointer is on: of several runs each one's value there, of one run the curve that is meant. */
function Reading({
  pointed: { at, curve },
  strong,
  word,
}: {
  pointed: Pointed;
  strong: readonly Curve[];
  word: string;
}) {
  const values: ComponentChildren =
    strong.length > 1 ? (
      strong.map(({ run, color, values: own }) => (
        <span key={run}>
          <i class="swatch" style={{ "--run": color }} />
          {valueText(own[at])}
        </span>
      ))
    ) : (
      <b>{valueText(curve.values[at])}</b>
    );
  return (
    <div class="reading">
      {strong.length > 1 ? null : `step ${grouped(curve.step)} · `}
      {word} {at} {values}
    </div>
  );
}

function valueText(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? "none" : brief(value);
}
