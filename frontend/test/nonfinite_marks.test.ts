import { expect, test } from "vitest";
import { type NonfiniteMark, stretchesOf } from "../src/views/parts/nonfinite_marks";

function stretches(...marks: (NonfiniteMark | null)[]) {
  return stretchesOf(marks.map((mark, place) => ({ step: 10 * place, mark })));
}

test("steps one after the other at which the same is not finite are one stretch", () => {
  expect(stretches(null, "nan", "nan", "infinity", null, "nan")).toEqual([
    { mark: "nan", first: 10, last: 20 },
    { mark: "infinity", first: 30, last: 30 },
    { mark: "nan", first: 50, last: 50 },
  ]);
  expect(stretches(null, null)).toEqual([]);
});
