import { expect, test } from "vitest";
import { tokenRow, visible } from "../src/views/parts/tokens";

test("white space can be seen", () => {
  expect([" ", "\n", "\t", "", "a b", "x"].map(visible)).toEqual(["␣", "↵", "⇥", "", "a␣b", "x"]);
});

test("all tokens stand side by side where they fit", () => {
  expect(tokenRow(["a", "b", "c"], 9)).toEqual({ isUpright: false, texts: ["a", "b", "c"] });
});

test("a long one may reach over others that say nothing", () => {
  expect(tokenRow(["", "word", "", "next"], 20)?.isUpright).toBe(false);
});

test("long ones stand upright, and are cut", () => {
  expect(tokenRow(["a", "extraordinarily"], 12)).toEqual({
    isUpright: true,
    texts: ["a", "extraord…"],
  });
});

test("where there is no room for all, there are none", () => {
  expect(tokenRow(Array.from("abcdefgh"), 4)).toBeNull();
});
