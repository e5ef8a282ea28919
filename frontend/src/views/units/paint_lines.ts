/** Draws the small pictures of units on one canvas, which takes a fraction of what as many elements would. */

import { cornerOf, type Layout } from "./lines_layout";

/** The values of one unit over time: a line a sample, and their mean. */
export interface UnitCurves {
  unit: number;
  samples: readonly ArrayLike<number>[];
  /** Null where there is nothing that it would be the mean of. */
  mean: ArrayLike<number> | null;
}

/** What they are drawn in, as CSS colours. */
export interface Inks {
  sample: string;
  mean: string;
  base: string;
  text: string;
}

const LABEL_HEIGHT = 11;
const MEAN_WIDTH = 4;

/** Draws the pictures, in CSS pixels. What lies outside of the domain is drawn at its ends. */
export function paintLines(
  context: CanvasRenderingContext2D,
  units: readonly UnitCurves[],
  layout: Layout,
  domain: readonly [number, number],
  inks: Inks,
): void {
  const [low, high] = domain;
  units.forEach(({ unit, samples, mean }, place) => {
    const [left, top] = cornerOf(layout, place);
    const height = layout.height - LABEL_HEIGHT - 2;
    const bottom = top + LABEL_HEIGHT + height;
    const y = (value: number) =>
      bottom - ((Math.max(low, Math.min(high, value)) - low) / (high - low)) * height;
    context.fillStyle = inks.text;
    context.fillText(String(unit), left, top + 8);
    context.lineWidth = 1;
    context.strokeStyle = inks.base;
    context.beginPath();
    context.moveTo(left, Math.round(y(0)) + 0.5);
    context.lineTo(left + layout.width, Math.round(y(0)) + 0.5);
    context.stroke();
    const trace = (values: ArrayLike<number>) => {
      context.beginPath();
      tracePath(context, values, left, layout.width, y);
      context.stroke();
    };
    if (mean) {
      context.strokeStyle = inks.mean;
      context.lineWidth = MEAN_WIDTH;
      trace(mean);
    }
    context.strokeStyle = inks.sample;
    context.lineWidth = 1;
    context.globalAlpha = samples.length > 1 ? 0.8 : 1;
    samples.forEach(trace);
    context.globalAlpha = 1;
  });
}

/** A line that is broken where there is no finite number. */
function tracePath(
  context: CanvasRenderingContext2D,
  values: ArrayLike<number>,
  left: number,
  width: number,
  y: (value: number) => number,
): void {
  let isDown = false;
  for (let time = 0; time < values.length; time += 1) {
    const value = values[time] as number;
    if (!Number.isFinite(value)) {
      isDown = false;
      continue;
    }
    const x = left + (values.length > 1 ? time / (values.length - 1) : 0.5) * width;
    if (isDown) {
      context.lineTo(x, y(value));
    } else {
      context.moveTo(x, y(value));
      isDown = true;
    }
  }
}
