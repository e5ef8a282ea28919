/** The bins of a two-dimensional histogram as pixels, the largest gradients at the top: zero has no colour. */

import { rgb } from "d3-color";
import { interpolateRgb } from "d3-interpolate";
import type { Joint } from "../../decode/joint";

const COLOR_COUNT = 256;

/** The colours from one cell to the most of any bin, as the four bytes of a pixel each. */
const COLORS = {
  light: colorsOf(interpolateRgb("#d3e2f6", "#08306b")),
  dark: colorsOf(interpolateRgb("#2c3a50", "#ffd2a8")),
};

/** A pixel a bin, row by row from the top; counts are told apart by their logarithms. */
export function pixelsOf(joint: Joint, isDark: boolean): Uint8ClampedArray<ArrayBuffer> {
  const { rows, columns, largest } = joint;
  const colors = COLORS[isDark ? "dark" : "light"];
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

function colorsOf(color: (share: number) => string): Uint32Array {
  const bytes = Array.from({ length: COLOR_COUNT }, (_, place) => {
    const { r, g, b } = rgb(color(place / (COLOR_COUNT - 1)));
    return [r, g, b, 255];
  });
  return new Uint32Array(Uint8Array.from(bytes.flat()).buffer);
}
