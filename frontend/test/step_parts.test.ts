import fc from "fast-check";
import { expect, test } from "vitest";
import { countIn, partAround, withNeighbours } from "../src/state/step_parts";

const steps = fc
  .uniqueArray(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 60 })
  .map((all) => Float64Array.from(all).sort());

test("each step is in its own part, and parts are next to each other without a gap", () => {
  fc.assert(
    fc.property(steps, fc.nat(), (all, number) => {
      const index = number % all.length;
      const step = all[index] as number;
      const [from, to] = partAround(all, step, 8) ?? [];
      const inside = all.filter((one) => one >= Number(from) && one <= Number(to));
      expect(inside).toContain(step);
      expect(inside.length).toBeLessThanOrEqual(8);
      const next = partAround(all, step, 8, 1);
      expect(next?.[0]).toBe(all[all.indexOf(Number(to)) + 1]);
      for (const other of inside) {
        expect(partAround(all, other, 8)).toEqual([from, to]);
      }
    }),
  );
});

test("where there are no steps, or none any more, there is no part", () => {
  expect(partAround([], 3, 8)).toBe(null);
  expect(partAround([0, 1, 2], 3, 8, 1)).toBe(null);
  expect(partAround([0, 1, 2], 3, 8, -1)).toBe(null);
});

test("a range has a step more on either side, if there is one", () => {
  const all = [0, 10, 20, 30, 40];
  expect(withNeighbours(all, [10, 20])).toEqual([0, 30]);
  expect(withNeighbours(all, [12, 28])).toEqual([10, 30]);
  expect(withNeighbours(all, [0, 40])).toEqual([0, 40]);
});

test("steps in a range are counted, both ends among them", () => {
  const all = [0, 10, 20, 30, 40];
  expect(countIn(all, [10, 30])).toBe(3);
  expect(countIn(all, [11, 29])).toBe(1);
  expect(countIn(all, null)).toBe(5);
});
