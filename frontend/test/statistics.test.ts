import { expect, test } from "vitest";
import { isShown, offered, show } from "../src/views/timelines/statistics";

test("what every series has is offered first, then its own measures", () => {
  expect(offered(["count", "mean", "l2_norm", "penalty"])).toEqual([
    "l2_norm",
    "mean",
    "standard_deviation",
    "range",
    "zero_share",
    "nonfinite_share",
    "distribution_change",
    "penalty",
  ]);
});

test("what the spectrum shows is not shown twice", () => {
  expect(isShown("spectral_norm")).toBe(false);
});

test("norm, mean and all measures are shown, until somebody wants it otherwise", () => {
  expect(["l2_norm", "mean", "zero_share", "penalty"].map(isShown)).toEqual([
    true,
    true,
    false,
    true,
  ]);
  show("zero_share", true);
  show("penalty", false);
  expect(["zero_share", "penalty"].map(isShown)).toEqual([true, false]);
});
