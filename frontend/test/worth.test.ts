import { expect, test } from "vitest";
import type { Run } from "../src/api/catalog";
import { startOf, worthSeeing } from "../src/state/worth";
import { runOf, seriesOf } from "./series";

const RULES = [{ name: "exploding_gradient" }, { name: "saturated" }];
const NAN = { gate: "forget", value: "nan" as const, step: 3, count: 1 };

function runAt(name: string, time: number, isFaulty = false): Run {
  const heatmaps = {
    steps: [0, 1],
    wall_times: [time, time + 1],
    pool: [1, 1] as [number, number],
  };
  const series = seriesOf({ heatmaps, nonfinite: isFaulty ? [NAN] : [] });
  return { ...runOf(series), run: name };
}

test("the newest runs are worth seeing", () => {
  const runs = [runAt("a", 3), runAt("b", 1), runAt("c", 2)];
  expect([...worthSeeing(runs, 2, RULES)].sort()).toEqual(["a", "c"]);
});

test("those in which something is wrong come first, but not alone", () => {
  const runs = [..."abcdef"].map((name, time) => runAt(name, time, time < 4));
  expect([...worthSeeing(runs, 4, RULES)].sort()).toEqual(["c", "d", "e", "f"]);
});

test("the worst comes before what is newer", () => {
  const saturated = (last_step: number | null) =>
    seriesOf({
      findings: [{ rule: "saturated", gate: "input", value: 1, first_step: 0, last_step }],
    });
  const runs = [
    runAt("nan", 0, true),
    ...["b", "c", "d"].map((run) => ({ ...runOf(saturated(null)), run })),
    // What is over is not wrong any more.
    { ...runOf(saturated(1)), run: "over" },
    runAt("new", 9),
  ];
  expect([...worthSeeing(runs, 2, RULES)].sort()).toEqual(["nan", "new"]);
});

test("a run begins with its first heatmap; one without any comes after all others", () => {
  expect(startOf(runAt("a", 7))).toBe(7);
  expect(startOf(runOf(seriesOf()))).toBe(Number.POSITIVE_INFINITY);
});
