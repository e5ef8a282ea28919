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
const series = seriesOf({
  layer: "lstm_1",
  kind: "gate_activations",
  matrix: "gate_activations",
});

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

test.each([
  [
    "exploding_gradient",
    "gradients",
    21_963_692,
    "the gradient explodes in the forget gate of the recurrent kernel of lstm_1: its norm is 2.2e+7",
  ],
  [
    "vanishing_gradient",
    "gradients",
    1e-9,
    "the gradient vanishes in the forget gate of the recurrent kernel of lstm_1: its root mean square is 10⁻⁹",
  ],
  [
    "dead_units",
    "gradients",
    1 / 512,
    "0.2 % of the units have only zeros as gradients in the forget gate of the recurrent kernel of lstm_1",
  ],
  [
    "dead_units",
    "weights",
    1 / 4096,
    "<0.1 % of the units have only zeros as weights in the forget gate of the recurrent kernel of lstm_1",
  ],
  [
    "unmoved",
    "updates",
    0,
    "forget gate of the recurrent kernel of lstm_1 does not move: its update is 0 of its norm",
  ],
])("what %s finds in %s is of a matrix", (rule, kind, value, text) => {
  const matrix = seriesOf({ layer: "lstm_1", kind, matrix: "recurrent_kernel" });
  expect(findingText(matrix, { ...finding, rule, value })).toBe(`${text}, steps 200 to 500`);
});

test("a matrix that is not divided by gates is named by itself", () => {
  const projection = seriesOf({ layer: "lstm_1", kind: "updates", matrix: "projection" });
  expect(findingText(projection, { ...finding, rule: "unmoved", gate: "whole", value: 0 })).toBe(
    "projection of lstm_1 does not move: its update is 0 of its norm, steps 200 to 500",
  );
});

test("a rule that nobody knows is told by its name", () => {
  expect(findingText(series, { ...finding, rule: "too_calm", last_step: 200 })).toBe(
    "forget gate of lstm_1: too calm, 0.934, at step 200",
  );
});
