import { scaleLinear } from "d3-scale";
import { expect, test } from "vitest";
import { boxOf } from "../src/views/parts/placed_ticks";
import { draggedRange, stepTicks } from "../src/views/parts/step_scale";

test("dragging takes the steps that lie in it, whichever way", () => {
  const steps = [0, 10, 20, 30, 40];
  expect(draggedRange(steps, 8, 31)).toEqual([10, 30]);
  expect(draggedRange(steps, 31, 8)).toEqual([10, 30]);
});

test("fewer than two steps are no range", () => {
  expect(draggedRange([0, 10, 20], 8, 12)).toBeNull();
  expect(draggedRange([0, 10, 20], 11, 12)).toBeNull();
});

test("steps are whole numbers that stand apart", () => {
  for (const [last, width] of [
    [3, 900],
    [1_000_000, 120],
    [12_345_678, 300],
  ] as const) {
    const x = scaleLinear().domain([0, last]).range([40, width]);
    const boxes = stepTicks(x).map(boxOf);
    expect(stepTicks(x).every(({ value }) => Number.isInteger(value))).toBe(true);
    expect(boxes.length).toBeGreaterThan(0);
    boxes.slice(1).forEach(([left], place) => {
      expect(left).toBeGreaterThan(boxes[place]?.[1] ?? 0);
    });
  }
});
