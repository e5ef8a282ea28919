import { expect, test } from "vitest";
import { holdsAt } from "../src/state/findings";
import { findingText } from "../src/views/parts/finding_text";
import { seriesOf } from "./series";

const finding = {
  rule: "saturated",
  gate: "forget",
  value: 0.934,
  first_step: 200,
  last_step: 500,
};
const series = seriesOf({ layer: "lstm_1" });

test("a finding holds from its first step to its last one", () => {
  expect([199, 200, 500, 501].map((step) => holdsAt(finding, step))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test("one that still is, holds at all later steps", () => {
  const open = { ...finding, last_step: null };
  expect(holdsAt(open, 1e9)).toBe(true);
  expect(holdsAt(open, 0)).toBe(false);
});

test("a finding tells what, where, how much and when", () => {
  expect(findingText(series, finding)).toBe(
    "forget gate of lstm_1 is saturated: 93 % of its values, steps 200 to 500",
  );
  expect(
    findingText(series, {
      rule: "vanishing_flow",
      gate: "whole",
      value: 17,
      first_step: 1200,
      last_step: null,
    }),
  ).toBe("the gradient vanishes 17 time steps before its peak in lstm_1, since step 1,200");
});

test("the past of a cell that reads from the end comes after its peak", () => {
  const vanishing = { ...finding, rule: "vanishing_flow", gate: "whole", value: 1 };
  expect(findingText({ ...series, is_reversed: true }, vanishing)).toBe(
    "the gradient vanishes 1 time step after its peak in lstm_1, steps 200 to 500",
  );
});

test("a rule that nobody knows is told by its name", () => {
  expect(findingText(series, { ...finding, rule: "too_calm", last_step: 200 })).toBe(
    "forget gate of lstm_1: too calm, 0.934, at step 200",
  );
});
