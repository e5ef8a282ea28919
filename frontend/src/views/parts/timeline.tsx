/** One statistic of one gate over the steps, a line a run. */

import { extent } from "d3-array";
import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { useState } from "preact/hooks";
import { chooseStep, step, steps } from "../../state/selection";
import { nearest, nearestIndex } from "../../state/steps";
import { useWidth } from "./use_width";
import { decadesOf, linearAxis, logAxis } from "./vertical_axis";
import { brief, gateOf, grouped, statisticName } from "./words";

const HEIGHT = 96;
const AXIS_HEIGHT = 16;
const MARGIN = 40;
const TICKS = 4;

/** One run's values. */
export interface TimelineLine {
  run: string;
  color: string;
  points: { step: number; value: number; isFinite: boolean }[];
}

interface Properties {
  gate: string;
  matrix: string;
  statistic: string;
  lines: readonly TimelineLine[];
  /** All values that the vertical axis has to reach. */
  all: readonly number[];
  /** Whether it is logarithmic; values that have no logarithm are left out. */
  isLog: boolean;
}

export function Timeline({ gate, matrix, statistic, lines, all, isLog }: Properties) {
  const [box, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState<number | null>(null);
  const isEmpty = lines.every(({ points }) => points.length === 0);
  // All that can be gone to is on the axis, also where a statistic is not taken at each step.
  const [first, last] = extent([
    ...steps.value,
    ...lines.flatMap(({ points }) => points.map((point) => point.step)),
  ]);
  const x = scaleLinear()
    .domain([first ?? 0, last === first ? (first ?? 0) + 1 : (last ?? 1)])
    .range([MARGIN, Math.max(MARGIN + 1, width - 8)]);
  const decades = isLog ? decadesOf(all) : null;
  const axis = decades ? logAxis(decades, TICKS) : linearAxis(all, TICKS);
  const y = axis.scale.range([HEIGHT - 4, 6]);
  const isDrawn = (value: number) => Number.isFinite(value) && (!decades || value > 0);
  const path = line<TimelineLine["points"][number]>(
    (point) => x(point.step),
    (point) => y(point.value),
  ).defined((point) => isDrawn(point.value));
  const stepAt = (event: PointerEvent | MouseEvent) => {
    const { left } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return nearest(steps.value, x.invert(event.clientX - left));
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the arrow keys move the step, wherever the focus is.
    // biome-ignore lint/a11y/noStaticElementInteractions: as above.
    <div
      class="timeline"
      ref={box}
      data-testid="timeline"
      data-gate={gate}
      data-statistic={statistic}
      data-log={decades !== null}
      onPointerMove={(event) => setPointed(stepAt(event))}
      onPointerLeave={() => setPointed(null)}
      onClick={(event) => {
        const wanted = stepAt(event);
        if (wanted !== null) {
          chooseStep(wanted);
        }
      }}
    >
      <svg
        width={width}
        height={HEIGHT + AXIS_HEIGHT}
        role="img"
        aria-label={`${statisticName(statistic)} of the ${gateOf(gate, matrix)} over the steps`}
      >
        {(isEmpty ? [] : axis.ticks).map(({ value, text }) => (
          <g key={value}>
            <line class="base" x1={MARGIN} x2={width} y1={y(value)} y2={y(value)} />
            <text x={MARGIN - 5} y={y(value) + 3} text-anchor="end">
              {text}
            </text>
          </g>
        ))}
        {(isEmpty ? [] : x.ticks(Math.max(1, width / 90))).map((tick) => (
          <text key={tick} x={x(tick)} y={HEIGHT + 12} text-anchor="middle">
            {grouped(tick)}
          </text>
        ))}
        {lines.map(({ run, color, points }) => (
          <g key={run} style={{ "--run": color }}>
            <path class="outline" d={path(points) ?? ""} />
            {points
              .filter((point) => !point.isFinite)
              .map((point) => (
                <circle
                  key={point.step}
                  class="nonfinite"
                  cx={x(point.step)}
                  cy={isDrawn(point.value) ? y(point.value) : HEIGHT - 4}
                  r={2.5}
                />
              ))}
          </g>
        ))}
        {step.value !== null && !isEmpty && <Rule class="now" x={x(step.value)} />}
        {pointed !== null && !isEmpty && <Rule class="pointed" x={x(pointed)} />}
      </svg>
      {pointed !== null && !isEmpty && (
        <div class="reading">
          step {grouped(pointed)}
          {lines.map(({ run, color, points }) => (
            <span key={run}>
              <i class="swatch" style={{ "--run": color }} />
              {reading(points, pointed)}
            </span>
          ))}
        </div>
      )}
    </div>
  );
}

function Rule({ class: name, x }: { class: string; x: number }) {
  return <line class={name} x1={x} x2={x} y1={0} y2={HEIGHT} />;
}

function reading(points: TimelineLine["points"], step: number): string {
  const place = nearestIndex(
    points.map((point) => point.step),
    step,
  );
  const point = points[place];
  if (!point) {
    return "none";
  }
  return Number.isFinite(point.value) ? brief(point.value) : "not finite";
}
