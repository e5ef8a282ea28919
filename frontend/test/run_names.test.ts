import fc from "fast-check";
import { expect, test } from "vitest";
import { distinctNames } from "../src/state/run_names";

const shortOf = (...names: string[]) => [...distinctNames(names).values()];

test("what all names have is left out", () => {
  expect(shortOf("sweep/adam,rate=1,seed=0", "sweep/adam,rate=2,seed=0")).toEqual([
    "rate=1",
    "rate=2",
  ]);
  expect(shortOf("logs/a/fold-1", "logs/b/fold-1")).toEqual(["a", "b"]);
});

test("a name of which nothing would be left stays whole", () => {
  expect(shortOf("base", "base/wide")).toEqual(["base", "wide"]);
  expect(shortOf("one")).toEqual(["one"]);
});

test("names that differ only in what was left out stay whole", () => {
  expect(shortOf("a/b/a", "a/b")).toEqual(["a/b/a", "a/b"]);
});

test("what is left of one name is never another one's whole name", () => {
  expect(new Set(shortOf("a//", "a", "a/", "lr=2")).size).toBe(4);
});

test("no two runs are called the same, and each is called a part of its name", () => {
  const part = fc.constantFrom("a", "b", "lr=1", "lr=2", "");
  const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1 }), (names) => {
      const short = shortOf(...names);
      expect(new Set(short).size).toBe(names.length);
      expect(short.every((one, place) => one !== "" || names[place] === "")).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
