import { expect, test } from "vitest";
import type { Run } from "../src/api/catalog";
import { type Catalog, withChanges } from "../src/api/catalog";

const run = (name: string, lastStep = 0): Run => ({
  run: name,
  series: [],
  notices: [],
  unreadable: [{ tag: "weights/lstm/kernel", reason: `step ${lastStep}` }],
});

const KNOWN: Catalog = {
  version: "a.1",
  kinds: [],
  rules: [],
  runs: [run("a"), run("c"), run("d")],
};

test("what is sent takes the place of what is known, and all else stays the same objects", () => {
  const changed = run("c", 1);
  const added = run("b");
  const names = ["a", "b", "c"];
  const found = withChanges(KNOWN, {
    ...KNOWN,
    version: "a.2",
    run_names: names,
    runs: [added, changed],
  });
  expect(found.version).toBe("a.2");
  expect(found.runs.map((one) => one.run)).toEqual(names);
  expect(found.runs[0]).toBe(KNOWN.runs[0]);
  expect(found.runs[1]).toBe(added);
  expect(found.runs[2]).toBe(changed);
  expect(found).not.toHaveProperty("run_names");
});

test("where nothing has changed, it is the one that is known", () => {
  const names = ["a", "c", "d"];
  expect(withChanges(KNOWN, { ...KNOWN, run_names: names, runs: [] })).toBe(KNOWN);
});

test("a server that was started again sends everything, and nothing old is left", () => {
  const runs = [run("a", 1), run("c", 1)];
  const found = withChanges(KNOWN, { ...KNOWN, version: "b.1", run_names: ["a", "c"], runs });
  expect(found.runs).toEqual(runs);
});

test("at first, everything is what is sent", () => {
  const { runs, ...others } = KNOWN;
  expect(withChanges(null, { ...others, runs, run_names: ["a", "c", "d"] })).toEqual(KNOWN);
});
