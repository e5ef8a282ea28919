import { rgb } from "d3-color";
import { expect, test } from "vitest";
import { COLOR_COUNT, COLOR_MAPS, colorTable, NONFINITE_COLORS } from "../src/paint/color_maps";

const LEAST_DISTANCE = 60;

const maps = COLOR_MAPS.flatMap((name) => [
  { name, isDark: false },
  { name, isDark: true },
]);

function colors(name: string, isDark: boolean): [number, number, number][] {
  const table = colorTable(name, isDark, false);
  return Array.from({ length: COLOR_COUNT }, (_, place) => {
    const [r, g, b] = table.subarray(place * 4);
    return [r, g, b] as [number, number, number];
  });
}

test.each(maps)("no colour of $name (dark: $isDark) is taken for NaN or infinity", (map) => {
  for (const special of Object.values(NONFINITE_COLORS)) {
    const { r, g, b } = rgb(special);
    const distances = colors(map.name, map.isDark).map(([red, green, blue]) =>
      Math.hypot(red - r, green - g, blue - b),
    );
    expect(Math.min(...distances)).toBeGreaterThan(LEAST_DISTANCE);
  }
});

test("the absolute value's colours are the positive half", () => {
  const whole = colorTable("blue–red", false, false);
  const half = colorTable("blue–red", false, true);
  expect([...half.subarray(-4)]).toEqual([...whole.subarray(-4)]);
  expect(half[0]).toBeCloseTo(whole[128 * 4] as number, -1);
});
