/** The colours of heatmaps: 256 of them, from one end of the range to the other. */

import { rgb } from "d3-color";
import { interpolateRgbBasis } from "d3-interpolate";

/** How many colours a map has. */
export const COLOR_COUNT = 256;

interface Stops {
  light: string[];
  dark: string[];
}

// ColorBrewer's RdBu and PuOr, and a grey; in the dark, zero is dark, so that what is large stands out.
const DIVERGING: Record<string, Stops> = {
  "blue–red": {
    light: [
      "#08306b",
      "#2166ac",
      "#67a9cf",
      "#d1e5f0",
      "#f7f7f7",
      "#fddbc7",
      "#ef8a62",
      "#b2182b",
      "#67001f",
    ],
    dark: [
      "#b9dcff",
      "#6fb2f2",
      "#3578b8",
      "#1f3f61",
      "#17191d",
      "#5c2a22",
      "#b5482f",
      "#f08a66",
      "#ffd2bd",
    ],
  },
  "purple–orange": {
    light: [
      "#2d004b",
      "#542788",
      "#8073ac",
      "#d8daeb",
      "#f7f7f7",
      "#fee0b6",
      "#e08214",
      "#b35806",
      "#7f3b08",
    ],
    dark: [
      "#dcd2ff",
      "#a48fe0",
      "#6f56b0",
      "#372c5c",
      "#17191d",
      "#573310",
      "#b0640f",
      "#f0a04a",
      "#ffdcae",
    ],
  },
  grey: {
    light: [
      "#111111",
      "#444444",
      "#888888",
      "#cccccc",
      "#f7f7f7",
      "#cccccc",
      "#888888",
      "#444444",
      "#111111",
    ],
    dark: [
      "#f5f5f5",
      "#bbbbbb",
      "#7c7c7c",
      "#3f4247",
      "#17191d",
      "#3f4247",
      "#7c7c7c",
      "#bbbbbb",
      "#f5f5f5",
    ],
  },
};

/** The names of the maps, the default first. */
export const COLOR_MAPS = Object.keys(DIVERGING);

/** The colours of what is no number: no map has them. */
export const NONFINITE_COLORS = { nan: "#ffd60a", infinity: "#00c853" };

/**
 * The colours of a map, as bytes: red, green, blue, alpha.
 *
 * @param isSequential - From zero to the largest magnitude, rather than from the most negative number.
 */
export function colorTable(name: string, isDark: boolean, isSequential: boolean): Uint8Array {
  const table = new Uint8Array(COLOR_COUNT * 4);
  const color = interpolator(name, isDark);
  for (let place = 0; place < COLOR_COUNT; place += 1) {
    const share = place / (COLOR_COUNT - 1);
    const { r, g, b } = rgb(color(isSequential ? 0.5 + share / 2 : share));
    table.set([r, g, b, 255], place * 4);
  }
  return table;
}

/** A map as a CSS gradient, from left to right. */
export function cssGradient(name: string, isDark: boolean, isSequential: boolean): string {
  const color = interpolator(name, isDark);
  const stops = Array.from({ length: 17 }, (_, place) => {
    const share = place / 16;
    return color(isSequential ? 0.5 + share / 2 : share);
  });
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

function interpolator(name: string, isDark: boolean): (share: number) => string {
  const stops = DIVERGING[name] ?? (DIVERGING[COLOR_MAPS[0] as string] as Stops);
  return interpolateRgbBasis(isDark ? stops.dark : stops.light);
}
