import { expect, test } from "vitest";
import {
  absentText,
  brief,
  cellText,
  gateName,
  gateOf,
  nonfiniteText,
  powerOfTen,
  rowsText,
  sizeText,
} from "../src/views/parts/words";
import { CORRELATIONS, OUTPUTS, REACH, seriesOf, WEIGHTS } from "./series";

test("a gate is told with its matrix, and a matrix without gates by itself", () => {
  expect(gateOf("forget", "recurrent_kernel")).toBe("forget gate of the recurrent kernel");
  expect(gateOf("whole", "projection")).toBe("projection");
});

test("what is not finite is told by what, where, when and how many", () => {
  const finding = { gate: "forget", value: "nan", step: 1200, count: 1 } as const;
  expect(nonfiniteText(finding, "kernel")).toBe(
    "NaN in the forget gate of the kernel, first at step 1,200 (1 value)",
  );
  expect(nonfiniteText({ ...finding, gate: "whole", count: 2 }, "w")).toBe(
    "NaN in the w, first at step 1,200 (2 values)",
  );
});

const whole = ["whole"];

test("a matrix that is not divided by gates is named as such", () => {
  expect(gateName(WEIGHTS, "reset_gate")).toBe("reset gate");
  expect(gateName(WEIGHTS, "whole")).toBe("whole matrix");
});

test("a matrix is as large as its rows, gates and units", () => {
  expect(sizeText(WEIGHTS, seriesOf())).toBe("5 rows, 4 gates of 7 units");
  expect(sizeText(WEIGHTS, seriesOf({ rows: 1, gates: ["update"], columns: 1 }))).toBe(
    "1 row, 1 gate of 1 unit",
  );
  expect(sizeText(WEIGHTS, seriesOf({ matrix: "projection", gates: whole }))).toBe(
    "5 rows, 7 units",
  );
  expect(sizeText(WEIGHTS, seriesOf({ matrix: "w", gates: whole }))).toBe("5 rows, 7 columns");
});

test("a cell is told by its row and unit, and a strip's by its unit", () => {
  expect(cellText(WEIGHTS, seriesOf(), 3, 2)).toBe("row 3 → unit 2");
  expect(cellText(WEIGHTS, seriesOf({ rows: 1 }), 0, 2)).toBe("unit 2");
  expect(cellText(WEIGHTS, seriesOf({ matrix: "w", gates: whole }), 3, 2)).toBe("row 3 → column 2");
});

test("a row of a convolution is told by its place in the kernel, too", () => {
  const kernel = seriesOf({ rows: 12, row_shape: [2, 2, 3] });
  expect(cellText(WEIGHTS, kernel, 7, 2)).toBe("row 7: kernel [1, 0], channel 1 → unit 2");
});

test("why a matrix has no gradient is told as far as it is known", () => {
  const told = (is_trained: boolean, hasRunAny: boolean, isExplained = false) =>
    absentText(seriesOf({ is_trained }), "gradients", { isExplained, hasRunAny });
  expect(told(false, true)).toBe("Frozen: it is not trained, so it has no gradients.");
  expect(told(false, false)).toBe(told(false, true));
  expect(told(false, true, true)).toBe(told(false, true));
  expect(told(true, true)).toBe(
    "No gradients were logged, and no reason is known: perhaps the loss does not depend on it.",
  );
  expect(told(true, false)).toBe("No gradients were logged in this run.");
  expect(told(true, true, true)).toBe("No gradients were logged.");
});

test("time steps and units are told as what they are", () => {
  const series = seriesOf({ matrix: "outputs", rows: 16, columns: 40, gates: whole });
  expect(sizeText(OUTPUTS, series)).toBe("16 units, 40 time steps");
  expect(cellText(OUTPUTS, series, 3, 2)).toBe("unit 3 at time 2");
  expect(cellText(CORRELATIONS, series, 3, 2)).toBe("unit 3 × unit 2");
  expect(cellText(REACH, { ...series, of: "loss" }, 30, 2)).toBe("loss at time 30 ← time 2");
  expect(cellText(REACH, { ...series, of: "outputs" }, 30, 2)).toBe("output at time 30 ← time 2");
  expect(gateName(OUTPUTS, "whole")).toBe("");
});

test("rows are told by what comes in by them", () => {
  const recurrent = seriesOf({ matrix: "recurrent_kernel", rows: 16 });
  expect(rowsText(WEIGHTS, recurrent)).toBe("16 units");
  expect(rowsText(WEIGHTS, seriesOf({ rows: 12, row_shape: [2, 2, 3] }))).toBe("2 × 2 × 3");
  expect(rowsText(OUTPUTS, recurrent)).toBe("16 units");
  expect(rowsText(REACH, { ...recurrent, of: "loss" })).toBe("time of the loss ↓");
});

test("numbers are short", () => {
  expect([0, 0.1234, -1500, 3.21e-7, 1e-9, -1e12].map(brief)).toEqual([
    "0",
    "0.123",
    "−1500",
    "3.21e-7",
    "10⁻⁹",
    "−10¹²",
  ]);
});

test("powers of ten are short", () => {
  expect([-12, -2, -1, 0, 1, 3].map(powerOfTen)).toEqual([
    "10⁻¹²",
    "10⁻²",
    "10⁻¹",
    "1",
    "10",
    "10³",
  ]);
});
