import { rgb } from "d3-color";
import { expect, test } from "vitest";
import {
  COLOR_COUNT,
  COLOR_MAPS,
  colorTable,
  inksOf,
  specialColors,
} from "../src/paint/color_maps";

const LEAST_DISTANCE = 60;

const maps = COLOR_MAPS.flatMap((name) =>
  [false, true].flatMap((isDark) =>
    [false, true].map((isSequential) => ({ name, isDark, isSequential })),
  ),
);

type Color = [number, number, number];

function colors(name: string, isDark: boolean, isSequential = false): Color[] {
  const table = colorTable(name, isDark, isSequential);
  return Array.from({ length: COLOR_COUNT }, (_, place) => {
    const [r, g, b] = table.subarray(place * 4);
    return [r, g, b] as Color;
  });
}

function distance(color: string, [red, green, blue]: Color): number {
  const { r, g, b } = rgb(color);
  return Math.hypot(red - r, green - g, blue - b);
}

test("the maps that the colour-blind can tell apart come first, and grey is the last", () => {
  expect(COLOR_MAPS).toEqual(["blue–red", "purple–orange", "viridis", "cividis", "grey"]);
});

test.each(maps)(
  "no colour of $name (dark: $isDark, from zero: $isSequential) is taken for NaN or infinity",
  ({ name, isDark, isSequential }) => {
    const { nan, infinity } = specialColors(name, isDark, isSequential);
    for (const special of [nan, infinity]) {
      const distances = colors(name, isDark, isSequential).map((one) => distance(special, one));
      expect(Math.min(...distances)).toBeGreaterThan(LEAST_DISTANCE);
    }
  },
);

test.each(maps)(
  "what lies past an end of $name (dark: $isDark, from zero: $isSequential) is told from that end and from what is no number",
  ({ name, isDark, isSequential }) => {
    const { below, above, nan, infinity } = specialColors(name, isDark, isSequential);
    const all = colors(name, isDark, isSequential);
    expect(distance(above, all.at(-1) as Color)).toBeGreaterThan(20);
    expect(distance(below, all[0] as Color)).toBeGreaterThan(isSequential ? 0 : 20);
    for (const special of [nan, infinity]) {
      const { r, g, b } = rgb(special);
      expect(distance(above, [r, g, b])).toBeGreaterThan(LEAST_DISTANCE);
      expect(distance(below, [r, g, b])).toBeGreaterThan(LEAST_DISTANCE);
    }
  },
);

test("viridis and cividis are the published ones", () => {
  const viridis = colors("viridis", false);
  expect(viridis[0]).toEqual([68, 1, 84]);
  expect(viridis.at(-1)).toEqual([253, 231, 37]);
  expect(distance("#00204d", colors("cividis", true)[0] as Color)).toBeLessThan(12);
});

test("the absolute value's colours are the positive half of a diverging map, and all of a sequential one", () => {
  const whole = colorTable("blue–red", false, false);
  const half = colorTable("blue–red", false, true);
  expect([...half.subarray(-4)]).toEqual([...whole.subarray(-4)]);
  expect(half[0]).toBeCloseTo(whole[128 * 4] as number, -1);
  expect(colorTable("viridis", false, true)).toEqual(colorTable("viridis", false, false));
});

test("an unknown map, as of another version's address, is the default one", () => {
  expect(colorTable("rainbow", false, false)).toEqual(colorTable("blue–red", false, false));
});

test("the painter takes colours as shares of 1", () => {
  expect(
    inksOf({ nan: "#ff0000", infinity: "#00ff00", below: "#000000", above: "#ffffff" }),
  ).toEqual({
    nan: [1, 0, 0],
    infinity: [0, 1, 0],
    below: [0, 0, 0],
    above: [1, 1, 1],
  });
});
