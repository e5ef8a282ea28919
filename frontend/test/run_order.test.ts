import fc from "fast-check";
import { expect, test } from "vitest";
import { inOrder, moved, shortestOrder } from "../src/state/run_order";

const NAMES = ["a", "b", "c", "d"];

test("those that an order names come first, the others as they were", () => {
  expect(inOrder(NAMES, ["c"])).toEqual(["c", "a", "b", "d"]);
  expect(inOrder(NAMES, ["d", "gone", "b"])).toEqual(["d", "b", "a", "c"]);
});

test("what is moved takes the place of another one, which makes room", () => {
  expect(moved(NAMES, "c", "a")).toEqual(["c", "a", "b", "d"]);
  expect(moved(NAMES, "a", "c")).toEqual(["b", "c", "a", "d"]);
  expect(moved(NAMES, "a", "gone")).toEqual(NAMES);
});

test("an order names no more than it has to", () => {
  expect(shortestOrder(NAMES, NAMES)).toEqual([]);
  expect(shortestOrder(NAMES, ["c", "a", "b", "d"])).toEqual(["c"]);
  expect(shortestOrder(NAMES, ["b", "a", "c", "d"])).toEqual(["b"]);
});

test("the shortest order brings all into the order that is wanted", () => {
  const wanted = fc.shuffledSubarray(NAMES, { minLength: NAMES.length });
  fc.assert(
    fc.property(wanted, (order) => {
      expect(inOrder(NAMES, shortestOrder(NAMES, order))).toEqual(order);
    }),
  );
});
