import { expect, test } from "vitest";
import { nearest, nearestIndex, union } from "../src/state/steps";

test("the steps of several runs are one list", () => {
  expect(union([[0, 100, 200], [0, 150], []])).toEqual([0, 100, 150, 200]);
});

test("the nearest logged step stands for any other", () => {
  expect(nearest([0, 100, 200], 140)).toBe(100);
  expect(nearest([0, 100, 200], 9999)).toBe(200);
  expect(nearest([], 5)).toBeNull();
  expect(nearestIndex([0, 100, 200], 160)).toBe(2);
  expect(nearestIndex([], 5)).toBe(-1);
});
