import { expect, test } from "vitest";
import { dashesOf } from "../src/views/parts/dashes";

test("lines that are the same are dashed in turns, others are not", () => {
  expect(dashesOf(["a", "b", "a", "", ""])).toEqual([
    { pattern: "5 5", offset: -0 },
    null,
    { pattern: "5 5", offset: -5 },
    null,
    null,
  ]);
  expect(dashesOf(["a", "a", "a"]).map((dash) => dash?.pattern)).toEqual(["5 10", "5 10", "5 10"]);
});
