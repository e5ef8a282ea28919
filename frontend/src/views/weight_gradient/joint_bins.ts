/** The bins of a two-dimensional histogram as pixels, the largest gradients at the top: zero has no colour. */

import { computed } from "@preact/signals";
import { interpolateRgb } from "d3-interpolate";
import type { Joint } from "../../decode/joint";
import { COLOR_COUNT, tableOf } from "../../paint/color_maps";

/** The colours from one cell to the most of any bin, a pixel each: made when they are first needed. */
const light = computed(() => pixelsBetween("#d3e2f6", "#08306b"));
const dark = computed(() => pixelsBetween("#2c3a50", "#ffd2a8"));

function pixelsBetween(few: string, many: string): Uint32Array {
  return new Uint32Array(tableOf(interpolateRgb(few, many)).buffer);
}

/** A pixel a bin, row by row from the top; counts are told apart by their logarithms. */
export function pixelsOf(joint: Joint, isDark: boolean): Uint8ClampedArray<ArrayBuffer> {
  const { rows, columns, largest } = joint;
  const colors = (isDark ? dark : light).value;
  const pixels = new Uint32Array(rows * columns);
  const scale = (COLOR_COUNT - 1) / Math.log(1 + largest);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const count = joint.at(row, column);
      if (count > 0) {
        const place = (rows - 1 - row) * columns + column;
        pixels[place] = colors[Math.round(Math.log(1 + count) * scale)] as number;
      }
    }
  }
  return new Uint8ClampedArray(pixels.buffer);
}
