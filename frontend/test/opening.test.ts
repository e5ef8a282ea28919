import { beforeEach, expect, test } from "vitest";
import type { Finding, Series } from "../src/api/catalog";
import { catalog } from "../src/state/catalog";
import { openWorst } from "../src/state/opening";
import { chosenKind, chosenPlace, chosenStep, openMatrix } from "../src/state/selection";
import { GRADIENTS, RULES, runOf, seriesOf, WEIGHTS } from "./series";

const NAN = { gate: "forget", value: "nan" as const, count: 1 };

function findingOf(rule: string, first_step: number, last_step: number | null = null): Finding {
  return { rule, gate: "input", value: 1, first_step, last_step };
}

function openedOf(...all: Series[]) {
  catalog.value = {
    version: "a.1",
    runs: [runOf(...all)],
    kinds: [WEIGHTS, GRADIENTS],
    rules: RULES,
  };
  openWorst();
  return [chosenPlace.value?.place.layer, chosenKind.value];
}

beforeEach(() => {
  chosenKind.value = null;
  chosenPlace.value = null;
  chosenStep.value = null;
});

test("the first NaN is opened, before anything that a rule finds", () => {
  const opened = openedOf(
    seriesOf({ layer: "a", findings: [findingOf("exploding_gradient", 0)] }),
    seriesOf({ layer: "b", nonfinite: [{ ...NAN, step: 9 }] }),
    seriesOf({ layer: "c", kind: "gradients", matrix: "bias", nonfinite: [{ ...NAN, step: 8 }] }),
  );
  expect(opened).toEqual(["c", "gradients"]);
  expect(openMatrix.value).toBe("bias");
});

test("else what rules still find: the worst, and of that the earliest", () => {
  const opened = openedOf(
    seriesOf({ layer: "a", findings: [findingOf("saturated", 0)] }),
    seriesOf({ layer: "b", findings: [findingOf("exploding_gradient", 7)] }),
    seriesOf({ layer: "c", findings: [findingOf("exploding_gradient", 5)] }),
    seriesOf({ layer: "d", findings: [findingOf("exploding_gradient", 1, 2)] }),
  );
  expect(opened).toEqual(["c", "weights"]);
});

test("where nothing is wrong by now, nothing is chosen", () => {
  const over = seriesOf({ layer: "a", findings: [findingOf("saturated", 0, 3)] });
  expect(openedOf(seriesOf(), over)).toEqual([undefined, null]);
});

test("what the address says is kept", () => {
  chosenStep.value = 3;
  expect(openedOf(seriesOf({ nonfinite: [{ ...NAN, step: 0 }] }))).toEqual([undefined, null]);
});
