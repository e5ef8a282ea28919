import fc from "fast-check";
import { expect, test } from "vitest";
import type { Series } from "../src/api/catalog";
import { Statistics } from "../src/decode/statistics";
import { decades } from "../src/paint/span";
import { colorSpans, logFloor } from "../src/state/spans";
import { seriesOf } from "./series";

function statisticsOf(names: string[], steps: number[][]): Statistics {
  const all = Float64Array.from(steps, (_, step) => step);
  return new Statistics(all, all, names, 1, Float32Array.from(steps.flat()));
}

function shownOf(run: string, facts: Partial<Series>, statistics: Statistics) {
  return { run, series: seriesOf({ gates: ["whole"], ...facts }), statistics };
}

const ROBUST = ["robust_magnitude", "small_magnitude"];

test("colours end where those of the largest step do, but for outliers", () => {
  const shown = shownOf(
    "run",
    {},
    statisticsOf(ROBUST, [
      [0.5, 0.2],
      [2, 0.3],
      [Number.NaN, Number.NaN],
    ]),
  );
  expect(colorSpans([shown])(shown, 0)).toEqual({ low: 0.1, high: 2 });
});

test("the same matrix of all runs shares its colours, and another one has its own", () => {
  const one = shownOf("one", {}, statisticsOf(ROBUST, [[1, 0.5]]));
  const other = shownOf("other", {}, statisticsOf(ROBUST, [[4, 0.5]]));
  const bias = shownOf("one", { matrix: "bias" }, statisticsOf(ROBUST, [[100, 1]]));
  const spans = colorSpans([one, other, bias]);
  expect([spans(one, 0).high, spans(other, 0).high, spans(bias, 0).high]).toEqual([4, 4, 100]);
});

test("a run that has diverged doesn't leave the others grey", () => {
  const runs = [1, 2, 1e12].map((large) =>
    shownOf(String(large), {}, statisticsOf(ROBUST, [[large, 0.5]])),
  );
  const spans = colorSpans(runs);
  expect(runs.map((run) => spans(run, 0).high)).toEqual([2, 2, 2]);
});

test("where nothing is above zero they end at 1", () => {
  const shown = shownOf("run", {}, statisticsOf(ROBUST, [[0, 0]]));
  expect(colorSpans([shown])(shown, 0)).toEqual({ low: 0.1, high: 1 });
});

test("logarithmic colours begin at the decade of what is small", () => {
  expect(logFloor(0.5, 3e-4)).toBeCloseTo(1e-4, 12);
  expect(logFloor(1, 3e-4)).toBeCloseTo(1e-4, 12);
});

test("they run over one decade at least, and over eight at most", () => {
  expect(logFloor(1, 0.9)).toBeCloseTo(0.1, 12);
  expect(logFloor(1, 1e-30)).toBeCloseTo(1e-8, 15);
  expect(logFloor(1, 0)).toBeCloseTo(1e-8, 15);
});

test("whatever there is, they begin below their end at a whole decade", () => {
  const magnitude = fc.double({ min: 1e-30, max: 1e30, noNaN: true });
  fc.assert(
    fc.property(magnitude, magnitude, (one, other) => {
      const high = Math.max(one, other);
      const low = logFloor(high, Math.min(one, other));
      expect(low).toBeLessThan(high);
      expect(decades({ low, high })).toBeLessThanOrEqual(8 + 1e-6);
      expect(Math.abs(Math.log10(low) - Math.round(Math.log10(low)))).toBeLessThan(1e-9);
    }),
  );
});
