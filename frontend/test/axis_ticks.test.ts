import { scaleLinear } from "d3-scale";
import fc from "fast-check";
import { expect, test } from "vitest";
import { boxOf, placedTicks } from "../src/views/parts/placed_ticks";
import { tickSets } from "../src/views/parts/tick_sets";
import { evenTexts } from "../src/views/parts/tick_texts";

test("numbers have as many digits as tell them apart", () => {
  expect(evenTexts([2, 2.002, 2.004])).toEqual(["2.000", "2.002", "2.004"]);
  expect(evenTexts([-0.5, 0, 0.5])).toEqual(["−0.5", "0", "0.5"]);
  expect(evenTexts([0, 1000, 2000])).toEqual(["0", "1000", "2000"]);
  expect(evenTexts([1e-6, 2e-6])).toEqual(["1e-6", "2e-6"]);
  expect(evenTexts([3])).toEqual(["3"]);
});

test("no two numbers of a linear axis read the same, however narrow it is", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
      fc.integer({ min: 2, max: 12 }),
      (low, length, count) => {
        fc.pre(length > Math.abs(low) * 1e-9);
        const texts = evenTexts(
          scaleLinear()
            .domain([low, low + length])
            .ticks(count),
        );
        expect(new Set(texts).size).toBe(texts.length);
      },
    ),
  );
});

test("a symmetric logarithmic axis has decades of both signs, and zero", () => {
  const [all, fewer] = tickSets("symmetric log", [-2, 300], 5, 0.5);
  expect(all?.values).toEqual([-1, 0, 1, 10, 100]);
  expect(fewer?.values).toEqual([-1, 0, 1, 100]);
});

test("a logarithmic axis within one decade has numbers at equal distances", () => {
  const [all] = tickSets("log", [2, 7], 5);
  expect(all?.values).toEqual([2, 3, 4, 5, 6, 7]);
});

test("numbers stand apart, within the axis, and as many as there is room for", () => {
  const forms = fc.constantFrom("linear", "log", "symmetric log") as fc.Arbitrary<
    "linear" | "log" | "symmetric log"
  >;
  fc.assert(
    fc.property(
      forms,
      fc.double({ min: 1e-8, max: 1e4, noNaN: true }),
      fc.double({ min: 1.001, max: 1e8, noNaN: true }),
      fc.integer({ min: 60, max: 900 }),
      (form, low, ratio, width) => {
        const domain = [low, low * ratio] as const;
        const scale = scaleLinear().domain(domain).range([0, width]);
        const placed = placedTicks(tickSets(form, domain, width / 44, low), scale, [0, width]);
        const boxes = placed.map(boxOf);
        boxes.forEach(([left], place) => {
          expect(left).toBeGreaterThanOrEqual(place ? (boxes[place - 1]?.[1] ?? 0) : -1e-6);
        });
      },
    ),
  );
  const wide = scaleLinear().domain([-0.145, 0.145]).range([0, 700]);
  const found = placedTicks(tickSets("linear", [-0.145, 0.145], 700 / 44), wide, [0, 700]);
  expect(found.length).toBeGreaterThan(8);
});
