import fc from "fast-check";
import { expect, test } from "vitest";
import { Statistics } from "../src/decode/statistics";
import { STATISTICS } from "../src/state/glance_statistics";
import { glanceScale } from "../src/views/glance/glance_scale";
import { cellAt, glanceLayout, leftOf } from "../src/views/glance/layout";
import { type GateValues, valuesOf } from "../src/views/glance/series_values";

function valuesLike(...values: number[]): GateValues {
  const finite = values.filter(Number.isFinite);
  const ends = finite.length > 0 ? ([Math.min(...finite), Math.max(...finite)] as const) : null;
  return { steps: values.map((_, step) => step), values: Float64Array.from(values), ends };
}

test("numbers near each other are compared linearly, from zero", () => {
  const { isLog, strength } = glanceScale([valuesLike(1, 2, 4)], false);
  expect(isLog).toBe(false);
  expect([0, 1, 2, 4].map(strength)).toEqual([0, 0.25, 0.5, 1]);
});

test("numbers far apart are compared by their decades", () => {
  const { isLog, strength } = glanceScale([valuesLike(1e-6, 1e-3, 1)], false);
  expect(isLog).toBe(true);
  expect([1e-6, 1e-3, 1].map(strength)).toEqual([0, expect.closeTo(0.5, 9), 1]);
  expect(strength(0)).toBe(0);
});

test("where some are negative, the sign is kept", () => {
  const { strength } = glanceScale([valuesLike(-2, 1)], false);
  expect([-2, 0, 1].map(strength)).toEqual([-1, 0, 0.5]);
});

test("a share runs from nothing to all, whatever there is", () => {
  expect(glanceScale([valuesLike(0.25)], true).strength(0.25)).toBe(0.25);
});

test("a strength is between -1 and 1, and only what is no number has none", () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(fc.array(number, { minLength: 1 }), number, (values, value) => {
      const { strength } = glanceScale([valuesLike(...values)], false);
      expect(Math.abs(strength(value))).toBeLessThanOrEqual(1);
      expect(strength(Number.NaN)).toBeNaN();
    }),
  );
});

test("each place of a row is in one cell, or between two runs", () => {
  const count = fc.integer({ min: 1, max: 8 });
  fc.assert(
    fc.property(count, count, fc.integer({ min: 0, max: 3000 }), (runs, gates, width) => {
      const layout = glanceLayout(width, runs, gates);
      for (let run = 0; run < runs; run += 1) {
        for (let gate = 0; gate < gates; gate += 1) {
          const middle = leftOf(layout, run) + ((gate + 0.5) / gates) * layout.runWidth;
          expect(cellAt(layout, middle, gates)).toEqual({ run, gate });
        }
      }
      expect(cellAt(layout, layout.runWidth + 1, gates)).toBeNull();
      expect(cellAt(layout, -1, gates)).toBeNull();
      expect(layout.width).toBe(leftOf(layout, runs - 1) + layout.runWidth);
    }),
  );
});

test("each statistic is made of what it says that it needs", () => {
  const steps = Float64Array.of(0, 5);
  for (const statistic of STATISTICS) {
    const names = [...statistic.needs];
    const values = Float32Array.from({ length: 4 * names.length }, () => 2);
    const statistics = new Statistics(steps, steps, names, 2, values);
    const [first, second] = valuesOf(statistics, statistic);
    expect(first?.values.every(Number.isFinite)).toBe(true);
    expect(second?.values).toHaveLength(2);
  }
});

test("shares are of all values", () => {
  const steps = Float64Array.of(0);
  const share = (name: string, values: number[]) => {
    const statistic = STATISTICS.find((one) => one.name === name) ?? STATISTICS[0];
    const own = new Statistics(steps, steps, statistic.needs, 1, Float32Array.from(values));
    return statistic.value(own, 0, 0);
  };
  expect(share("zeros", [3, 12])).toBe(0.25);
  expect(share("nonfinite", [1, 2, 3, 12])).toBe(0.5);
});
