/** Paints a row of the glance: what doesn't change with the step on one canvas, what does below it. */

import type { GlanceScale } from "./glance_scale";
import { type GlanceLayout, leftOf } from "./layout";
import type { GateValues } from "./series_values";

/** How high a row is, in CSS pixels. */
export const ROW_HEIGHT = 26;
const INSET = 4;
const SEPARATOR = 1;

/** What one run has in a row; null while it isn't there, or if there is none. */
export type RunValues = readonly GateValues[] | null;

/** The inks of a theme. */
export interface Inks {
  line: string;
  dot: string;
  empty: string;
  nan: string;
  /** A colour for a strength from -1 to 1. */
  fill: (strength: number) => string;
}

export interface RowPicture {
  runs: readonly RunValues[];
  /** How many gates the row has. */
  gates: number;
  layout: GlanceLayout;
  scale: GlanceScale;
}

/** Paints how each block's number went, as a line. */
export function paintLines(
  context: CanvasRenderingContext2D,
  { runs, gates, layout, scale }: RowPicture,
  inks: Inks,
): void {
  const y = heights(runs, scale);
  const cell = layout.runWidth / gates;
  context.strokeStyle = inks.line;
  context.lineWidth = 1;
  context.lineJoin = "round";
  context.beginPath();
  runs.forEach((all, run) => {
    all?.forEach((gateValues, gate) => {
      const x = stepPlaces(gateValues, leftOf(layout, run) + gate * cell, cell);
      let isBroken = true;
      gateValues.values.forEach((value, index) => {
        const height = y(value);
        if (Number.isNaN(height)) {
          isBroken = true;
        } else if (isBroken) {
          context.moveTo(x(index), height);
          isBroken = false;
        } else {
          context.lineTo(x(index), height);
        }
      });
    });
  });
  context.stroke();
}

/**
 * Paints each block's number at one step as a colour, and where on its line that is.
 *
 * @param indices - The place of the step among those of each run; -1 where there is none.
 */
export function paintColors(
  context: CanvasRenderingContext2D,
  { runs, gates, layout, scale }: RowPicture,
  indices: readonly number[],
  inks: Inks,
): void {
  const y = heights(runs, scale);
  const cell = layout.runWidth / gates;
  runs.forEach((all, run) => {
    const left = leftOf(layout, run);
    for (let gate = 0; gate < gates; gate += 1) {
      const own = all?.[gate];
      const index = indices[run] ?? -1;
      const value = own && index >= 0 ? (own.values[index] ?? Number.NaN) : Number.NaN;
      context.fillStyle = color(value, own !== undefined, scale, inks);
      context.fillRect(left + gate * cell, SEPARATOR, cell - SEPARATOR, ROW_HEIGHT - SEPARATOR);
      const height = y(value);
      if (own && own.values.length > 1 && !Number.isNaN(height)) {
        context.fillStyle = inks.dot;
        context.beginPath();
        context.arc(stepPlaces(own, left + gate * cell, cell)(index), height, 2, 0, 2 * Math.PI);
        context.fill();
      }
    }
  });
}

function color(value: number, isThere: boolean, scale: GlanceScale, inks: Inks): string {
  if (!isThere) {
    return inks.empty;
  }
  const strength = scale.strength(value);
  return Number.isNaN(strength) ? inks.nan : inks.fill(strength);
}

/** Where the values of a row are: the smallest at the bottom, the largest at the top. */
function heights(runs: readonly RunValues[], scale: GlanceScale): (value: number) => number {
  const all = runs.flatMap((own) => own ?? []).flatMap(({ ends }) => ends ?? []);
  const strengths = all.map(scale.strength);
  const low = Math.min(...strengths);
  const high = Math.max(...strengths);
  const bottom = ROW_HEIGHT - INSET;
  return (value) => {
    const strength = scale.strength(value);
    return high > low
      ? bottom - ((strength - low) / (high - low)) * (bottom - INSET)
      : strength * 0 + ROW_HEIGHT / 2;
  };
}

/** Where the steps are within a cell. */
function stepPlaces({ steps }: GateValues, left: number, width: number): (index: number) => number {
  const first = steps[0] ?? 0;
  const reach = (steps[steps.length - 1] ?? 0) - first || 1;
  const room = width - 2 * INSET - SEPARATOR;
  return (index) => left + INSET + (((steps[index] ?? 0) - first) / reach) * room;
}
