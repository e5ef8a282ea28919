/** The axis below histograms: a base, its numbers, and a line at zero. */

import { useMemo } from "preact/hooks";
import type { HistogramAxis } from "./axis";
import type { PixelRange } from "./pointed_bin";

interface Properties {
  axis: HistogramAxis;
  range: PixelRange;
  /** Where it is, in pixels from above. */
  base: number;
}

export function HorizontalAxis({ axis, range: [from, to], base }: Properties) {
  const ticks = useMemo(() => axis.ticks([from, to]), [axis, from, to]);
  const [low, high] = axis.domain;
  const zero = low < 0 && high > 0 ? axis.scale([from, to])(0) : null;
  return (
    <>
      {zero !== null && <line class="zero" x1={zero} x2={zero} y1={0} y2={base} />}
      <line class="base" x1={from} x2={to} y1={base} y2={base} />
      {ticks.map(({ value, text, x }) => (
        <text key={value} x={x} y={base + 12} text-anchor="middle">
          {text}
        </text>
      ))}
    </>
  );
}
