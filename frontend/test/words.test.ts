import { expect, test } from "vitest";
import { findingText, gateOf } from "../src/views/words";

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
