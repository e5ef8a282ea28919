import { expect, test } from "vitest";
import { HistogramAxis } from "../src/views/histograms/axis";
import { endsOf, NO_ENDS, together } from "../src/views/histograms/ends";
import { roundAbove } from "../src/views/histograms/heights";
import { histogramsOf } from "./histograms_of";

const NAMES = ["linear", "symmetric log", "log |x|"] as const;

test("an axis reaches over all steps, so that what grows is seen to grow", () => {
  const ends = endsOf(histogramsOf([[[-1, 0.5]], [[Number.NaN]], [[-0.25, 4]]]), 0);
  expect([ends.low, ends.high]).toEqual([-1, 4]);
  expect(ends.small).toBeCloseTo(0.25, 1);
  expect(new HistogramAxis("linear", ends, 10).domain).toEqual([-1, 4]);
});

test.each(NAMES)("where all is zero the %s axis has no numbers but zero", (name) => {
  const histograms = histogramsOf([[[0, 0, 0]]]);
  const axis = new HistogramAxis(name, endsOf(histograms, 0), 5);
  const texts = axis.ticks([0, 300]).map(({ text }) => text);
  expect(texts).toEqual(name === "log |x|" ? [] : ["0"]);
  const { counts } = axis.counted(histograms, 0, 0);
  expect([...counts]).toEqual(name === "log |x|" ? [0, 0, 0, 0, 0] : [0, 0, 3, 0, 0]);
});

test.each(NAMES)("where nothing was ever finite, the %s axis has no numbers", (name) => {
  const axis = new HistogramAxis(name, NO_ENDS, 10);
  expect(axis.ticks([0, 300])).toEqual([]);
  expect(axis.domain.every(Number.isFinite)).toBe(true);
});

test("a constant stands in the middle", () => {
  const histograms = histogramsOf([[[2, 2]]]);
  const axis = new HistogramAxis("linear", endsOf(histograms, 0), 3);
  expect(axis.domain).toEqual([1, 3]);
  expect(axis.counted(histograms, 0, 0)).toEqual({ counts: Float64Array.of(0, 2, 0), highest: 2 });
});

test("the axis of magnitudes begins a decade below what few are below", () => {
  const axis = new HistogramAxis("log |x|", { low: -100, high: 1, small: 0.1 }, 10);
  expect(axis.domain).toEqual([0.01, 100]);
});

test("what shares an axis reaches as far as the farthest", () => {
  const ends = together({ low: -1, high: 2, small: 0.5 }, { low: 0, high: 3, small: 0.1 });
  expect(ends).toEqual({ low: -1, high: 3, small: 0.1 });
});

test("by density, a histogram's area is 1", () => {
  const histograms = histogramsOf([[[-0.9, -0.3, 0.2, 0.7]]]);
  const axis = new HistogramAxis("linear", { low: -1, high: 1, small: 0.1 }, 8);
  expect(axis.binWidth).toBeCloseTo(0.25, 12);
  const decades = new HistogramAxis("log |x|", { low: 0, high: 100, small: 1 }, 6);
  expect(decades.binWidth).toBeCloseTo(0.5, 12);
  const { counts } = axis.counted(histograms, 0, 0);
  const area = counts.reduce((sum, one) => sum + (one / 4 / axis.binWidth) * axis.binWidth, 0);
  expect(area).toBeCloseTo(1, 12);
});

test("a vertical axis ends with a round number that is hardly above", () => {
  for (const [height, top] of [
    [0.3, 0.3],
    [0.13, 0.16],
    [5.1, 6],
    [1, 1],
    [96, 100],
    [0, 1],
  ] as const) {
    expect(roundAbove(height)).toBeCloseTo(top, 12);
  }
});
