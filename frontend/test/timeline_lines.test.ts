import { expect, test } from "vitest";
import { Statistics } from "../src/decode/statistics";
import { timelineLines, valuesOf } from "../src/views/parts/timeline_lines";
import { seriesOf } from "./series";

const NAMES = ["count", "nan", "positive_infinity", "negative_infinity", "zero", "l2_norm"];

/** One gate over some steps, beside a measure that is not taken at each of them. */
function loaded(rows: readonly (readonly number[])[], measure: readonly number[] = []) {
  const steps = Float64Array.from(rows.keys());
  const names = [...NAMES, "minimum", "maximum", "spectral_norm"];
  const values = Float32Array.from(
    rows.flatMap((row, step) => [...row, -1, 2, measure[step] ?? Number.NaN]),
  );
  const statistics = new Statistics(steps, steps, names, 1, values);
  return [{ run: "run", color: "red", series: seriesOf({ gates: ["forget"] }), statistics }];
}

const WHOLE = [4, 0, 0, 0, 2, 3];

test("shares are of all values", () => {
  const rows = [WHOLE, [4, 1, 1, 1, 0, 5]];
  const shares = (name: string) =>
    timelineLines(loaded(rows), "forget", name)[0]?.points.map(({ value }) => value);
  expect(shares("zero_share")).toEqual([0.5, 0]);
  expect(shares("nonfinite_share")).toEqual([0, 0.75]);
});

test("minimum and maximum are the ends of a band", () => {
  const lines = timelineLines(loaded([WHOLE]), "forget", "range");
  expect(lines[0]?.points[0]).toMatchObject({ low: -1, value: 2 });
  expect(valuesOf(lines)).toEqual([-1, 2]);
});

test("NaN and infinity are marked by themselves, also where there is no number", () => {
  const none = Number.NaN;
  const rows = [WHOLE, [4, 4, 0, 0, 0, none], [4, 0, 1, 0, 0, 1], [4, 0, 0, 0, 0, Infinity]];
  const [line] = timelineLines(loaded(rows), "forget", "l2_norm");
  expect(line?.points.map(({ mark }) => mark)).toEqual([null, "nan", "infinity", "infinity"]);
});

test("a measure that is not taken at each step goes on over those that lack it", () => {
  const [line] = timelineLines(
    loaded([WHOLE, WHOLE, WHOLE], [1, NaN, 2]),
    "forget",
    "spectral_norm",
  );
  expect(line?.points.map(({ step }) => step)).toEqual([0, 2]);
});

test("a series without the gate, or the statistic, has no line", () => {
  expect(timelineLines(loaded([WHOLE]), "input", "l2_norm")).toEqual([]);
  expect(timelineLines(loaded([WHOLE]), "forget", "mean")).toEqual([]);
});
