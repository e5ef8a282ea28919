import fc from "fast-check";
import { expect, test } from "vitest";
import { Cells } from "../src/decode/cells";
import { leafOrder, MOST_LEAVES } from "../src/state/leaf_order";
import { findOrders, type OrderedMatrix, placesIn } from "../src/state/unit_order";
import { CORRELATIONS, OUTPUTS, seriesOf, WEIGHTS } from "./series";

function done<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) {
      return step.value;
    }
  }
}

function matrix(rows: number[][], facts: Parameters<typeof seriesOf>[0]): OrderedMatrix {
  const columns = rows[0]?.length ?? 0;
  const bits = new Uint32Array(Float32Array.from(rows.flat()).buffer);
  const gates = facts?.gates ?? ["input"];
  const series = seriesOf({
    rows: rows.length,
    row_shape: [rows.length],
    columns: columns / gates.length,
    ...facts,
    gates,
  });
  return { series, cells: new Cells(rows.length, columns, bits) };
}

const vectors = fc.integer({ min: 1, max: 30 }).chain((count) =>
  fc.array(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 3, maxLength: 3 }), {
    minLength: count,
    maxLength: count,
  }),
);

test("an order has each thing once", () => {
  fc.assert(
    fc.property(vectors, (things) => {
      const sorted = [...done(leafOrder(things))].sort((a, b) => a - b);
      expect(sorted).toEqual(things.map((_, thing) => thing));
    }),
  );
});

test("groups that are far apart stay together, however they were mixed", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 0, max: 1000 }),
      (groups, seed) => {
        const things = groups.map((group, thing) => [
          group * 100 + ((thing * 7919 + seed) % 13) / 13,
        ]);
        const found = [...done(leafOrder(things))].map((thing) => groups[thing]);
        const changes = found.filter((group, place) => place > 0 && group !== found[place - 1]);
        expect(changes.length).toBe(new Set(groups).size - 1);
      },
    ),
  );
});

test("things on a line stand in the line's order, from one of its ends", () => {
  const places = [5, 1, 4, 2, 8, 3, 7, 6];
  const found = [...done(leafOrder(places.map((at) => [at])))].map((thing) => places[thing]);
  const steps = found
    .slice(1)
    .map((at, place) => Math.abs((at as number) - (found[place] as number)));
  expect(Math.max(...steps)).toBeLessThanOrEqual(3);
});

test("of many things the tree is of some, and the others stand by those that they are like", () => {
  const count = 2 * MOST_LEAVES + 1;
  const things = Array.from({ length: count }, (_, thing) => [thing % 5 < 2 ? 0 : 100]);
  const found = [...done(leafOrder(things))];
  expect(new Set(found).size).toBe(count);
  const groups = found.map((thing) => things[thing]?.[0]);
  expect(groups.filter((group, place) => place > 0 && group !== groups[place - 1])).toHaveLength(1);
});

test("the largest norm comes first, of units over all gates and matrices of the cell", () => {
  const gates = ["input", "forget"];
  const kernel = matrix([[1, 0, 3, 0, 0, 4]], { gates });
  const recurrent = matrix(
    [
      [0, 0, 0, 0, 9, 0],
      [0, 0, 0, 0, 0, 0],
      [1, 1, 1, 1, 1, 1],
    ],
    { gates, matrix: "recurrent_kernel" },
  );
  const orders = done(findOrders(WEIGHTS, [kernel, recurrent], "norm"));
  // Unit 1 has 9 in the recurrent kernel, unit 2 has 3 and 4 in the kernel.
  expect([...(orders.get(recurrent.series.tag)?.columns ?? [])]).toEqual([1, 2, 0]);
  expect(orders.get(kernel.series.tag)?.columns).toBe(orders.get(recurrent.series.tag)?.columns);
  // The rows of a recurrent kernel are the same units.
  expect([...(orders.get(recurrent.series.tag)?.rows ?? [])]).toEqual([1, 2, 0]);
  expect(orders.get(kernel.series.tag)?.rows).toBeNull();
});

test("the rows of a kernel have an order of their own; NaN and infinity count for nothing", () => {
  const kernel = matrix(
    [
      [Number.NaN, 1],
      [Number.POSITIVE_INFINITY, 0],
      [5, 0],
    ],
    {},
  );
  const orders = done(findOrders(WEIGHTS, [kernel], "norm"));
  expect([...(orders.get(kernel.series.tag)?.rows ?? [])]).toEqual([2, 0, 1]);
});

test("time goes on as it does, and a convolution's rows keep their places", () => {
  const values = [
    [1, 2],
    [3, 4],
  ];
  const outputs = matrix(values, { kind: "outputs" });
  const overTime = done(findOrders(OUTPUTS, [outputs], "norm")).get(outputs.series.tag);
  expect(overTime?.columns).toBeNull();
  expect([...(overTime?.rows ?? [])]).toEqual([1, 0]);
  const convolution = matrix(values, { row_shape: [2, 1] });
  const ofKernel = done(findOrders(WEIGHTS, [convolution], "norm")).get(convolution.series.tag);
  expect(ofKernel?.rows).toBeNull();
  expect([...(ofKernel?.columns ?? [])]).toEqual([1, 0]);
});

test("where rows and columns are the same units, both move together", () => {
  const square = matrix(
    [
      [1, 0, 0.9],
      [0, 1, 0],
      [0.9, 0, 1],
    ],
    { kind: "correlations" },
  );
  const order = done(findOrders(CORRELATIONS, [square], "clustered")).get(square.series.tag);
  expect(order?.rows).toBe(order?.columns);
  const places = placesIn(order?.columns as Uint32Array<ArrayBuffer>);
  expect(Math.abs((places[0] as number) - (places[2] as number))).toBe(1);
});

test("units that are pooled otherwise in one matrix stay as stored", () => {
  const one = matrix([[1, 2, 3, 4]], {});
  const pooled = matrix([[1, 2]], { matrix: "recurrent_kernel" });
  const orders = done(findOrders(WEIGHTS, [one, pooled], "norm"));
  expect(orders.get(one.series.tag)?.columns).toBeNull();
});

test("the places of an order are its inverse", () => {
  const order = Uint32Array.of(2, 0, 3, 1);
  expect([...placesIn(order)].map((place) => order[place])).toEqual([0, 1, 2, 3]);
});
