/** Curves on one logarithmic scale: strong ones for the shown step, faint ones for the others. */

import { line } from "d3-shape";
import { useMemo, useState } from "preact/hooks";
import type { Curve, Mark, PointedCurve } from "./curve";
import { Decades, MARGINS, WholeNumbers, wholeScale } from "./curve_axes";
import { CurveReading } from "./curve_reading";
import { keyboardPointer } from "./keyboard_pointer";
import { nearestCurve } from "./nearest_curve";
import { useWidth } from "./use_width";
import { logAxis } from "./vertical_axis";

const PIXELS_A_DECADE_TICK = 22;
/** From how far off a curve is the one that is meant, in pixels. */
const NEAR = 24;
/** How much of a run's colour the first and the last step's curves have, in percent. */
const FAINTEST = 22;
const STRONGEST = 85;

interface Properties {
  label: string;
  /** What tests find it by. */
  name: string;
  data?: Record<string, string>;
  /** The curves of the shown step, a run each. */
  strong: readonly Curve[];
  /** Those of other steps: the same list as long as they are the same. */
  faint: readonly Curve[];
  marks?: readonly Mark[];
  /** The first and the last decade of the vertical axis, as powers of ten. */
  decades: readonly [number, number];
  /** How many values a curve has. */
  length: number;
  height: number;
  /** What the horizontal axis counts. */
  axisWord: string;
  /** A value that has a line of its own. */
  reference?: number;
  onPick: (step: number) => void;
}

export function CurvePanel(properties: Properties) {
  const { strong, faint, marks = [], decades, length, height, axisWord } = properties;
  const [box, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState<PointedCurve | null>(null);
  const bottom = height - MARGINS.bottom;
  const x = wholeScale(length, width);
  const axis = logAxis(decades, (bottom - MARGINS.top) / PIXELS_A_DECADE_TICK);
  const y = axis.scale.range([bottom, MARGINS.top]);
  // What has vanished altogether is drawn at the lower end of the axis; what is masked is not.
  const drawn = line<number>(
    (_, place) => x(place),
    (value) => y(value),
  ).defined((value) => value >= 0 && Number.isFinite(value));
  const path = ({ values }: Curve) => drawn(Array.from(values)) ?? "";
  const [first, last] = decades;
  // Going through the steps draws only the strong ones anew.
  const faintPaths = useMemo(
    () => faint.map((curve) => ({ curve, d: path(curve) })),
    [faint, width, height, first, last, length],
  );
  const find = (event: PointerEvent | MouseEvent): PointedCurve | null => {
    const { left, top } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const at = Math.round(x.invert(event.clientX - left));
    const all = strong.length > 1 ? strong : [...strong, ...faint];
    const curve = nearestCurve(all, at, event.clientY - top, y, NEAR);
    return curve && { at, curve };
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its role and its keys are those of keyboardPointer.
    // biome-ignore lint/a11y/useKeyWithClickEvents: as above.
    <div
      class="curves"
      ref={box}
      data-testid={properties.name}
      {...properties.data}
      {...keyboardPointer(properties.label)}
      onPointerMove={(event) => setPointed(find(event))}
      onPointerLeave={() => setPointed(null)}
      onClick={(event) => {
        const found = find(event);
        if (found) {
          properties.onPick(found.curve.step);
        }
      }}
    >
      <svg width={width} height={height} role="img" aria-label={properties.label}>
        <Decades axis={axis} width={width} reference={properties.reference} />
        <WholeNumbers x={x} width={width} y={height - 4} word={axisWord} />
        {faintPaths.map(({ curve, d }) => (
          <FaintPath key={`${curve.run} ${curve.step}`} curve={curve} d={d} />
        ))}
        {strong.map((curve) => (
          <StrongPath key={curve.run} color={curve.color} d={path(curve)} />
        ))}
        {marks.map(({ run, color, at, value }) => (
          <circle
            key={run}
            class="mark"
            style={{ "--run": color }}
            cx={x(at)}
            cy={y(value)}
            r={4}
          />
        ))}
        {pointed && (
          <>
            <path class="pointed-curve" d={path(pointed.curve)} />
            <circle
              class="pointed-dot"
              cx={x(pointed.at)}
              cy={y(pointed.curve.values[pointed.at] ?? 0)}
              r={3}
            />
          </>
        )}
      </svg>
      {pointed && <CurveReading pointed={pointed} strong={strong} word={axisWord} />}
    </div>
  );
}

function FaintPath({ curve: { color, age }, d }: { curve: Curve; d: string }) {
  const share = FAINTEST + (STRONGEST - FAINTEST) * age;
  return <path class="faint" d={d} style={{ "--run": color, "--age": `${share}%` }} />;
}

function StrongPath({ color, d }: { color: string; d: string }) {
  return (
    <g style={{ "--run": color }}>
      <path class="halo" d={d} />
      <path class="strong" d={d} />
    </g>
  );
}
