import { expect, test } from "vitest";
import { absentText, cellText, findingText, gateName, gateOf, sizeText } from "../src/views/words";
import { seriesOf } from "./series";

test("a gate is told with its matrix, and a matrix without gates by itself", () => {
  expect(gateOf("forget", "recurrent_kernel")).toBe("forget gate of the recurrent kernel");
  expect(gateOf("whole", "projection")).toBe("projection");
});

test("a finding tells what, where, when and how many", () => {
  const finding = { gate: "forget", value: "nan", step: 1200, count: 1 } as const;
  expect(findingText(finding, "kernel")).toBe(
    "NaN in the forget gate of the kernel, first at step 1,200 (1 value)",
  );
  expect(findingText({ ...finding, gate: "whole", count: 2 }, "w")).toBe(
    "NaN in the w, first at step 1,200 (2 values)",
  );
});

const whole = ["whole"];

test("a matrix that is not divided by gates is named as such", () => {
  expect(gateName("reset_gate")).toBe("reset gate");
  expect(gateName("whole")).toBe("whole matrix");
});

test("a matrix is as large as its rows, gates and units", () => {
  expect(sizeText(seriesOf())).toBe("5 rows, 4 gates of 7 units");
  expect(sizeText(seriesOf({ rows: 1, gates: ["update"], units: 1 }))).toBe(
    "1 row, 1 gate of 1 unit",
  );
  expect(sizeText(seriesOf({ matrix: "projection", gates: whole }))).toBe("5 rows, 7 units");
  expect(sizeText(seriesOf({ matrix: "w", gates: whole }))).toBe("5 rows, 7 columns");
});

test("a cell is told by its row and unit, and a strip's by its unit", () => {
  expect(cellText(seriesOf(), 3, 2)).toBe("row 3 → unit 2");
  expect(cellText(seriesOf({ rows: 1 }), 0, 2)).toBe("unit 2");
  expect(cellText(seriesOf({ matrix: "w", gates: whole }), 3, 2)).toBe("row 3 → column 2");
});

test("a row of a convolution is told by its place in the kernel, too", () => {
  const kernel = seriesOf({ rows: 12, row_shape: [2, 2, 3] });
  expect(cellText(kernel, 7, 2)).toBe("row 7: kernel [1, 0], channel 1 → unit 2");
});

test("why a matrix has no gradient is told as far as it is known", () => {
  const told = (is_trained: boolean, hasRunAny: boolean) =>
    absentText(seriesOf({ is_trained }), "gradients", hasRunAny);
  expect(told(false, true)).toBe("Frozen: it is not trained, so it has no gradients.");
  expect(told(false, false)).toBe(told(false, true));
  expect(told(true, true)).toBe("No gradients were logged: the loss may not depend on it.");
  expect(told(true, false)).toBe("No gradients were logged in this run.");
});
