/** One run's units at one time step, as bars from zero. */

import { scaleLinear } from "d3-scale";
import { useState } from "preact/hooks";
import { markedUnit, pointedUnit } from "../../state/pointer";
import { keyboardPointer } from "../parts/keyboard_pointer";
import { useWidth } from "../parts/use_width";
import { linearAxis } from "../parts/vertical_axis";
import { valueText } from "../parts/words";

const HEIGHT = 92;
const AXIS_HEIGHT = 16;
const MARGIN = 40;
const WIDEST_BAR = 9;
const PIXELS_A_TICK = 60;

interface Properties {
  run: string;
  color: string;
  values: readonly number[];
  /** How many units stand behind one value. */
  unitsABar: number;
  time: number;
  domain: readonly [number, number];
}

export function ValueBars({ run, color, values, unitsABar, time, domain }: Properties) {
  const [box, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState<number | null>(null);
  const axis = linearAxis(domain, 4);
  const y = axis.scale.clamp(true).range([HEIGHT - 2, 4]);
  const x = scaleLinear()
    .domain([0, Math.max(1, values.length)])
    .range([MARGIN, Math.max(MARGIN + 1, width)]);
  const pitch = x(1) - x(0);
  const label = `Units of ${run} at time ${time}`;
  const middle = (place: number) => x(place + 0.5);
  const bars = values
    .map((value, place) => (Number.isFinite(value) ? `M${middle(place)} ${y(0)}V${y(value)}` : ""))
    .join("");
  const marked = markedUnit.value === null ? null : Math.floor(markedUnit.value / unitsABar);
  return (
    <div style={{ "--run": color }}>
      <h4>
        <i class="swatch" />
        <span class="name">{run}</span>
      </h4>
      <div
        class="value-bars grid-marks"
        ref={box}
        data-testid="value-bars"
        data-run={run}
        data-time={time}
        {...keyboardPointer(label)}
        onPointerMove={(event) => {
          const { left } = event.currentTarget.getBoundingClientRect();
          const place = Math.floor(x.invert(event.clientX - left));
          const isBar = place >= 0 && place < values.length;
          setPointed(isBar ? place : null);
          pointedUnit.value = isBar ? place * unitsABar : null;
        }}
        onPointerLeave={() => {
          setPointed(null);
          pointedUnit.value = null;
        }}
      >
        <svg width={width} height={HEIGHT + AXIS_HEIGHT} role="img" aria-label={label}>
          {axis.ticks.map(({ value, text }) => (
            <g key={value}>
              <line class="base" x1={MARGIN} x2={width} y1={y(value)} y2={y(value)} />
              <text x={MARGIN - 5} y={y(value) + 3} text-anchor="end">
                {text}
              </text>
            </g>
          ))}
          {marked !== null && marked < values.length && (
            <rect class="pointed" x={x(marked)} width={pitch} y={0} height={HEIGHT} />
          )}
          <path class="bars" d={bars} stroke-width={Math.min(WIDEST_BAR, pitch * 0.7)} />
          <line class="axis" x1={MARGIN} x2={width} y1={y(0)} y2={y(0)} />
          {x
            .ticks(Math.max(2, width / PIXELS_A_TICK))
            .filter((tick) => Number.isInteger(tick) && tick < values.length)
            .map((tick) => (
              <text key={tick} x={middle(tick)} y={HEIGHT + 12} text-anchor="middle">
                {tick * unitsABar}
              </text>
            ))}
        </svg>
        {pointed !== null && (
          <div class="reading">
            unit {pointed * unitsABar} <b>{valueText(values[pointed])}</b>
          </div>
        )}
      </div>
    </div>
  );
}
