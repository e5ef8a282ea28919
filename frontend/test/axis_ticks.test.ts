import { scaleLinear, scaleLog } from "d3-scale";
import { expect, test } from "vitest";
import { AXES, axisTicks } from "../src/views/histograms/scales";
import { binsOf } from "./encode";

test.each([
  ["many decades", scaleLog().domain([1e-9, 1e3])],
  ["a few decades", scaleLog().domain([3e-5, 4e-3])],
  ["within one decade", scaleLog().domain([2, 7])],
  ["linear", scaleLinear().domain([-0.3, 0.4])],
])("an axis has a few numbers: %s", (_, scale) => {
  const ticks = axisTicks(scale, 5);
  expect(ticks.length).toBeGreaterThan(1);
  expect(ticks.length).toBeLessThanOrEqual(8);
});

test("on the axis of magnitudes both signs are counted together, and zeros are left out", () => {
  const { keys, counts } = AXES["log |x|"].prepare(binsOf([-2, 2, 2, 0, 0.5]));
  expect([...keys]).toHaveLength(2);
  expect([...counts].sort()).toEqual([1, 3]);
});

test("the ends of the axis of magnitudes are those of the bins", () => {
  const [low, high] = AXES["log |x|"].domain({ bins: [binsOf([-4, 0, 0.5])], low: -4, high: 0.5 });
  expect(low).toBe(0.5);
  expect(high).toBe(4 * (1 + 1 / 32));
});

test.each(["linear", "symmetric log", "log |x|"] as const)(
  "where nothing was ever finite, the %s axis still has ends",
  (name) => {
    const nothing = {
      bins: [],
      low: Number.POSITIVE_INFINITY,
      high: Number.NEGATIVE_INFINITY,
    };
    const [low, high] = AXES[name].domain(nothing);
    expect(Number.isFinite(low) && Number.isFinite(high) && low < high).toBe(true);
  },
);

test("a wide linear axis has its numbers at equal distances", () => {
  const scale = AXES.linear.scale([-0.145, 0.145]).range([0, 700]);
  const found = axisTicks(scale, 11);
  const gaps = found.slice(1).map((tick, place) => tick - (found[place] as number));
  expect(found.length).toBeGreaterThan(4);
  expect(Math.max(...gaps)).toBeCloseTo(Math.min(...gaps), 10);
});
