/** The colours of heatmaps: 256 of them, from one end of the range to the other. */

import { rgb } from "d3-color";
import { interpolateRgb, interpolateRgbBasis } from "d3-interpolate";
import { interpolateCividis, interpolateGreys, interpolateViridis } from "d3-scale-chromatic";
import type { Ink, Inks } from "./painter";

/** How many colours a map has. */
export const COLOR_COUNT = 256;

type Interpolator = (share: number) => string;

/** A map of colours. */
interface ColorMap {
  /** Whether zero has its middle; if not, it runs from its first colour to its last one. */
  isDiverging: boolean;
  light: Interpolator;
  dark: Interpolator;
  /** The colours of what is no number: the map has none like them. */
  nonfinite: { nan: string; infinity: string };
}

const YELLOW_AND_GREEN = { nan: "#ffd60a", infinity: "#00c853" };
/** For maps that have yellow and green themselves. */
const RED_AND_PINK = { nan: "#e8112d", infinity: "#ff5fd2" };

// ColorBrewer's RdBu and PuOr, which the colour-blind can tell apart; in the dark, zero is dark, so that what is large stands out.
const DIVERGING: Record<string, { light: string[]; dark: string[] }> = {
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
};

const MAPS: Readonly<Record<string, ColorMap>> = {
  ...Object.fromEntries(
    Object.entries(DIVERGING).map(([name, { light, dark }]) => [
      name,
      {
        isDiverging: true,
        light: interpolateRgbBasis(light),
        dark: interpolateRgbBasis(dark),
        nonfinite: YELLOW_AND_GREEN,
      },
    ]),
  ),
  viridis: sequential(interpolateViridis, interpolateViridis, RED_AND_PINK),
  cividis: sequential(interpolateCividis, interpolateCividis, RED_AND_PINK),
  grey: sequential(grey, (share) => grey(1 - share), YELLOW_AND_GREEN),
};

/** The names of the maps, the default first. */
export const COLOR_MAPS = Object.keys(MAPS);

/**
 * The colours of a map, as bytes: red, green, blue, alpha.
 *
 * @param isSequential - From zero to the largest magnitude, rather than from the most negative number.
 */
export function colorTable(name: string, isDark: boolean, isSequential: boolean): Uint8Array {
  return tableOf(interpolator(name, isDark, isSequential));
}

/** The colours from a share of 0 to one of 1, as the same bytes. */
export function tableOf(color: (share: number) => string): Uint8Array<ArrayBuffer> {
  const table = new Uint8Array(COLOR_COUNT * 4);
  for (let place = 0; place < COLOR_COUNT; place += 1) {
    const { r, g, b } = rgb(color(place / (COLOR_COUNT - 1)));
    table.set([r, g, b, 255], place * 4);
  }
  return table;
}

/** A map as a CSS gradient, from left to right. */
export function cssGradient(name: string, isDark: boolean, isSequential: boolean): string {
  const color = interpolator(name, isDark, isSequential);
  const stops = Array.from({ length: 17 }, (_, place) => color(place / 16));
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

/** The colours of what a map's own colours are not for, as CSS colours. */
export type SpecialColors = Record<keyof Inks, string>;

/** The colours of what is no number, beside those of a map, as CSS colours. */
export function nonfiniteColorsOf(name: string): ColorMap["nonfinite"] {
  return mapOf(name).nonfinite;
}

/** The special colours beside those of a map: past an end, its colour goes on towards black, or white in the dark. */
export function specialColors(name: string, isDark: boolean, isSequential: boolean): SpecialColors {
  const color = interpolator(name, isDark, isSequential);
  const past = (share: number) => {
    const { r, g, b } = rgb(color(share));
    const isLight = 0.299 * r + 0.587 * g + 0.114 * b > LIGHT;
    return interpolateRgb(color(share), isLight ? "#ffffff" : "#000000")(PAST_THE_END);
  };
  return { ...nonfiniteColorsOf(name), below: past(0), above: past(1) };
}

/** The special colours of a map as the painter takes them. */
export function inksOf(colors: SpecialColors): Inks {
  return {
    nan: ink(colors.nan),
    infinity: ink(colors.infinity),
    below: ink(colors.below),
    above: ink(colors.above),
  };
}

/** How far past its end a colour goes on. */
const PAST_THE_END = 0.7;
/** From which lightness on a colour goes on towards white, of 255. */
const LIGHT = 128;

function sequential(
  light: Interpolator,
  dark: Interpolator,
  nonfinite: ColorMap["nonfinite"],
): ColorMap {
  return { isDiverging: false, light, dark, nonfinite };
}

/** Neither white nor black, so that something can lie past its ends. */
function grey(share: number): string {
  return interpolateGreys(0.2 + 0.66 * share);
}

function mapOf(name: string): ColorMap {
  return MAPS[name] ?? (MAPS[COLOR_MAPS[0] as string] as ColorMap);
}

function interpolator(name: string, isDark: boolean, isSequential: boolean): Interpolator {
  const { isDiverging, light, dark } = mapOf(name);
  const color = isDark ? dark : light;
  return isDiverging && isSequential ? (share) => color(0.5 + share / 2) : color;
}

function ink(color: string): Ink {
  const { r, g, b } = rgb(color);
  return [r / 255, g / 255, b / 255];
}
