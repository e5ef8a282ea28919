/** The axes of a panel of curves: a line a decade, and whole numbers below. */

import { type ScaleLinear, scaleLinear } from "d3-scale";
import type { VerticalAxis } from "./vertical_axis";

/** The room around the curves, in CSS pixels. */
export const MARGINS = { left: 40, right: 8, top: 8, bottom: 18 };

const PIXELS_A_TICK = 40;
/** The room that the word at the end of the axis takes. */
const WORD_WIDTH = 46;

/** A line a decade, with its number, and one at a value that matters. */
export function Decades({
  axis,
  width,
  reference,
}: {
  axis: VerticalAxis;
  width: number;
  reference: number | undefined;
}) {
  const ends = { x1: MARGINS.left, x2: width - MARGINS.right };
  const y = axis.scale;
  return (
    <>
      {axis.ticks.map(({ value, text }) => (
        <g key={value}>
          <line class="base" {...ends} y1={y(value)} y2={y(value)} />
          <text x={MARGINS.left - 5} y={y(value) + 3} text-anchor="end">
            {text}
          </text>
        </g>
      ))}
      {reference !== undefined && (
        <line class="reference" {...ends} y1={y(reference)} y2={y(reference)} />
      )}
    </>
  );
}

interface Properties {
  x: ScaleLinear<number, number>;
  width: number;
  y: number;
  word: string;
}

/** The numbers of the horizontal axis, and what they count, at its end. */
export function WholeNumbers({ x, width, y, word }: Properties) {
  const count = Math.max(1, Math.floor((width - MARGINS.left - WORD_WIDTH) / PIXELS_A_TICK));
  const end = width - WORD_WIDTH - MARGINS.right;
  const numbers = x.ticks(count).filter((tick) => Number.isInteger(tick) && x(tick) < end);
  return (
    <>
      {numbers.map((tick) => (
        <text key={tick} x={x(tick)} y={y} text-anchor="middle">
          {tick}
        </text>
      ))}
      <text x={width - MARGINS.right} y={y} text-anchor="end">
        {word} →
      </text>
    </>
  );
}

/** The horizontal scale of curves of so many values. */
export function wholeScale(length: number, width: number): ScaleLinear<number, number> {
  return scaleLinear()
    .domain([0, Math.max(1, length - 1)])
    .range([MARGINS.left, Math.max(MARGINS.left + 1, width - MARGINS.right)]);
}
