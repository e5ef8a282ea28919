/** One gate's units by how long they are nearly shut and nearly open. */

import { useState } from "preact/hooks";
import { markedUnit, pointedUnit } from "../../state/pointer";
import { keyboardPointer } from "../parts/keyboard_pointer";
import { useWidth } from "../parts/use_width";
import { percent } from "../parts/words";
import { nearestUnit, type SaturatedUnit, unitsText } from "./saturated_units";

const LEFT = 40;
const BOTTOM = 30;
const EDGE = 8;
/** From how far off the pointer is on a dot, as a share of the side. */
const REACH = 0.06;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** The units of one run. */
export interface UnitDots {
  run: string;
  color: string;
  units: readonly SaturatedUnit[];
}

type Pointed = SaturatedUnit & { run: string; color: string };

function isSamePlace(one: Pointed, other: Pointed): boolean {
  return one.run === other.run && one.low === other.low && one.high === other.high;
}

export function SaturationSquare({ gate, dots }: { gate: string; dots: readonly UnitDots[] }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const side = Math.max(1, width - LEFT - EDGE);
  const x = (share: number) => LEFT + share * side;
  const y = (share: number) => EDGE + (1 - share) * side;
  const all = dots.flatMap(({ run, color, units }) =>
    units.map((unit) => ({ ...unit, run, color })),
  );
  const label = `Saturation of the ${gate} gate, a dot a unit`;
  const marked = all.filter(({ unit }) => unit === markedUnit.value);
  return (
    <div
      class="square"
      ref={box}
      data-testid="saturation-gate"
      data-gate={gate}
      {...keyboardPointer(label)}
      onPointerMove={(event) => {
        const { left, top } = event.currentTarget.getBoundingClientRect();
        const low = (event.clientX - left - LEFT) / side;
        const high = 1 - (event.clientY - top - EDGE) / side;
        const found = nearestUnit(all, low, high, REACH);
        setPointed(found);
        pointedUnit.value = found?.unit ?? null;
      }}
      onPointerLeave={() => {
        setPointed(null);
        pointedUnit.value = null;
      }}
    >
      <svg width={width} height={side + EDGE + BOTTOM} role="img" aria-label={label}>
        {/* Nothing can be both at once. */}
        <path class="impossible" d={`M${x(0)} ${y(1)}L${x(1)} ${y(1)}L${x(1)} ${y(0)}Z`} />
        {TICKS.map((tick) => (
          <g key={tick}>
            <line class="base" x1={x(tick)} x2={x(tick)} y1={y(0)} y2={y(1 - tick)} />
            <line class="base" x1={x(0)} x2={x(1 - tick)} y1={y(tick)} y2={y(tick)} />
            <text x={x(tick)} y={y(0) + 13} text-anchor="middle">
              {tick}
            </text>
            <text x={x(0) - 5} y={y(tick) + 3} text-anchor="end">
              {tick}
            </text>
          </g>
        ))}
        <text class="axis-name" x={x(0.5)} y={y(0) + 26} text-anchor="middle">
          below 0.1 →
        </text>
        <text
          class="axis-name"
          text-anchor="middle"
          transform={`translate(${x(0.62)} ${y(0.62)}) rotate(45)`}
        >
          always saturated
        </text>
        <text
          class="axis-name"
          text-anchor="middle"
          transform={`translate(9 ${y(0.5)}) rotate(-90)`}
        >
          above 0.9 →
        </text>
        {dots.map(({ run, color, units }) => (
          <path
            key={run}
            class="dots"
            style={{ "--run": color }}
            d={units.map(({ low, high }) => `M${x(low)} ${y(high)}h0`).join("")}
          />
        ))}
        {marked.map(({ run, color, low, high }) => (
          <circle
            key={run}
            class="mark"
            style={{ "--run": color }}
            cx={x(low)}
            cy={y(high)}
            r={5}
          />
        ))}
      </svg>
      {pointed && (
        <div class="reading">
          <i class="swatch" style={{ "--run": pointed.color }} />
          {unitsText(all.filter((one) => isSamePlace(one, pointed)).map(({ unit }) => unit))}:{" "}
          {percent(pointed.low)} below 0.1, {percent(pointed.high)} above 0.9
        </div>
      )}
    </div>
  );
}
