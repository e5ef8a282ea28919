import { expect, test } from "vitest";
import { tokenRow, visible } from "../src/views/parts/tokens";

test("white space can be seen", () => {
  expect([" ", "\n", "\t", "", "a b", "x"].map(visible)).toEqual(["␣", "↵", "⇥", "", "a␣b", "x"]);
});

test("all tokens stand side by side where they fit", () => {
  const { isUpright, places } = tokenRow(["a", "b", "c"], 9);
  expect(isUpright).toBe(false);
  expect(places.map(({ text }) => text)).toEqual(["a", "b", "c"]);
});

test("long ones stand upright, and are cut", () => {
  const { isUpright, places } = tokenRow(["a", "extraordinarily"], 12);
  expect(isUpright).toBe(true);
  expect(places.map(({ text }) => text)).toEqual(["a", "extraord…"]);
});

test("where there is no room, none runs into another", () => {
  const { isUpright, isWhole, places } = tokenRow(Array.from("abcdefgh"), 4);
  expect([isUpright, isWhole]).toEqual([false, false]);
  const times = places.map(({ time }) => time);
  expect(times[0]).toBe(0);
  expect(Math.min(...times.slice(1).map((time, place) => time - (times[place] ?? 0)))).toBe(4);
});
