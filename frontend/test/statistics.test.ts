import { expect, test } from "vitest";
import { isShown, offered, show } from "../src/views/timelines/statistics";

test("what every series has is offered first, then its own measures", () => {
  expect(offered(["count", "mean", "l2_norm", "penalty"])).toEqual([
    "l2_norm",
    "mean",
    "count",
    "penalty",
  ]);
});

test("what the spectrum shows is not shown twice", () => {
  expect(isShown("spectral_norm")).toBe(false);
});

test("norm, mean and all measures are shown, until somebody wants it otherwise", () => {
  expect(["l2_norm", "mean", "count", "penalty"].map(isShown)).toEqual([true, true, false, true]);
  show("count", true);
  show("penalty", false);
  expect(["count", "penalty"].map(isShown)).toEqual([true, false]);
});
