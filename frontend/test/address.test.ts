import { afterEach, expect, test } from "vitest";
import { restoreState, stateInAddress } from "../src/state/address";
import { closedCards } from "../src/state/closed_cards";
import { binCount } from "../src/state/histogram_settings";
import { chosenRuns, chosenStep, filter } from "../src/state/selection";

afterEach(() => {
  chosenStep.value = null;
  filter.value = "";
  chosenRuns.value = new Map();
  closedCards.value = new Set();
  binCount.value = 60;
});

test("what nobody has chosen is not in the address", () => {
  expect(stateInAddress().size).toBe(0);
});

test("what was chosen is restored from the address", () => {
  chosenStep.value = 120;
  filter.value = "a&b=%";
  chosenRuns.value = new Map([["run, 1", false]]);
  closedCards.value = new Set(["glance"]);
  binCount.value = 30;
  const address = stateInAddress();
  expect([...address.keys()].sort()).toEqual(["bins", "closed", "filter", "runs", "step"]);
  chosenStep.value = null;
  filter.value = "";
  chosenRuns.value = new Map();
  closedCards.value = new Set();
  binCount.value = 60;
  restoreState(address);
  expect(chosenStep.value).toBe(120);
  expect(filter.value).toBe("a&b=%");
  expect([...chosenRuns.value]).toEqual([["run, 1", false]]);
  expect([...closedCards.value]).toEqual(["glance"]);
  expect(binCount.value).toBe(30);
});

test("what is no value of ours changes nothing", () => {
  restoreState(
    new Map([
      ["bins", '"many"'],
      ["runs", "{}"],
      ["closed", "7"],
      ["step", "ten"],
      ["__proto__", "1"],
      ["unknown", "1"],
    ]),
  );
  expect(stateInAddress().size).toBe(0);
});
