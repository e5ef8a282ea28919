/** The histogram of one gate of one matrix, a line a run. */

import { area, curveStep, line } from "d3-shape";
import { useState } from "preact/hooks";
import type { Bins } from "../../decode/histograms";
import { rebin } from "../../decode/rebin";
import { binCount } from "../../state/histogram_settings";
import { histogramAxis } from "../../state/pictures";
import { useWidth } from "../parts/use_width";
import { brief, gateOf, percent } from "../parts/words";
import { AXES, axisTicks } from "./scales";

const HEIGHT = 84;
const AXIS_HEIGHT = 16;
const PIXELS_A_TICK = 60;

/** One run's part of a histogram. */
export interface HistogramLine {
  run: string;
  color: string;
  bins: Bins;
  /** How many values are finite. */
  total: number;
  /** What share of the values is not finite. */
  nonfinite: number;
}

interface Properties {
  gate: string;
  matrix: string;
  lines: readonly HistogramLine[];
  domain: readonly [number, number];
}

export function Histogram({ gate, matrix, lines, domain }: Properties) {
  const [box, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState<number | null>(null);
  const count = binCount.value;
  const scale = AXES[histogramAxis.value].scale(domain).range([0, width]);
  const unit = AXES[histogramAxis.value].scale(domain).range([0, 1]);
  const shares = lines.map(({ bins, total }) =>
    Array.from(rebin(bins, domain, count, unit), (value) => (total ? value / total : 0)),
  );
  const highest = Math.max(1e-12, ...shares.flat());
  const x = (bin: number) => ((bin + 0.5) / count) * width;
  const y = (share: number) => HEIGHT - (share / highest) * (HEIGHT - 4);
  const outline = line<number>((_, bin) => x(bin), y).curve(curveStep);
  const filled = area<number>((_, bin) => x(bin), HEIGHT, y).curve(curveStep);
  const zero = domain[0] < 0 && domain[1] > 0 ? scale(0) : null;
  return (
    <div
      class="histogram"
      ref={box}
      data-testid="histogram"
      data-gate={gate}
      data-matrix={matrix}
      onPointerMove={(event) => {
        const { left } = event.currentTarget.getBoundingClientRect();
        const bin = Math.floor(((event.clientX - left) / width) * count);
        setPointed(Math.max(0, Math.min(count - 1, bin)));
      }}
      onPointerLeave={() => setPointed(null)}
    >
      <svg
        width={width}
        height={HEIGHT + AXIS_HEIGHT}
        role="img"
        aria-label={`Histogram of the ${gateOf(gate, matrix)}`}
      >
        {zero !== null && <line class="zero" x1={zero} x2={zero} y1={0} y2={HEIGHT} />}
        {lines.map(({ run, color }, place) => (
          <g key={run} style={{ "--run": color }}>
            <path class="filled" d={filled(shares[place] ?? []) ?? ""} />
            <path class="outline" d={outline(shares[place] ?? []) ?? ""} />
          </g>
        ))}
        {pointed !== null && (
          <rect class="pointed" x={x(pointed - 0.5)} width={width / count} y={0} height={HEIGHT} />
        )}
        <line class="base" x1={0} x2={width} y1={HEIGHT} y2={HEIGHT} />
        {axisTicks(scale, Math.max(2, Math.floor(width / PIXELS_A_TICK))).map((tick) => (
          <text key={tick} x={scale(tick)} y={HEIGHT + 12} text-anchor={anchor(scale(tick), width)}>
            {brief(tick)}
          </text>
        ))}
      </svg>
      <div class="badges">
        {lines
          .filter(({ nonfinite }) => nonfinite > 0)
          .map(({ run, color, nonfinite }) => (
            <span class="badge" key={run} data-testid="histogram-nonfinite" title={run}>
              <i class="swatch" style={{ "--run": color }} /> {percent(nonfinite)} not finite
            </span>
          ))}
      </div>
      {pointed !== null && (
        <div class="reading">
          {brief(unit.invert(pointed / count))} … {brief(unit.invert((pointed + 1) / count))}
          {lines.map(({ run, color }, place) => (
            <span key={run}>
              <i class="swatch" style={{ "--run": color }} />
              {percent(shares[place]?.[pointed] ?? 0)}
            </span>
          ))}
        </div>
      )}
    </div>
  );
}

function anchor(x: number, width: number): "start" | "middle" | "end" {
  if (x < 12) {
    return "start";
  }
  return x > width - 12 ? "end" : "middle";
}
