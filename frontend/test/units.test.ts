import fc from "fast-check";
import { expect, test } from "vitest";
import { Cells } from "../src/decode/cells";
import { lastTime } from "../src/views/units/last_time";
import { cornerOf, layoutOf, pictureAt } from "../src/views/units/lines_layout";
import { largestByRow, orderedRows, pageCount } from "../src/views/units/unit_order";

const MASKED = 0xffffffff;

function cellsOf(...rows: number[][]): Cells {
  const values = Float32Array.from(rows.flat());
  return new Cells(rows.length, rows[0]?.length ?? 0, new Uint32Array(values.buffer));
}

const planes = [cellsOf([0, 1], [-5, 2], [0, 0]), cellsOf([3, 0], [0, Number.NaN], [0, Infinity])];

test("the largest magnitude is that of all planes, of what is finite", () => {
  expect([...largestByRow(planes)]).toEqual([3, 5, 0]);
});

test("units stand as stored, or the largest first", () => {
  expect(orderedRows(planes, "unit")).toEqual([0, 1, 2]);
  expect(orderedRows(planes, "largest")).toEqual([1, 0, 2]);
  expect(orderedRows([], "largest")).toEqual([]);
});

test("pages hold all units", () => {
  expect([0, 1, 24, 25, 48].map(pageCount)).toEqual([1, 1, 1, 2, 2]);
});

test("a cell's final state is at the last time that isn't masked, in its own direction", () => {
  const cells = new Cells(1, 4, Uint32Array.of(MASKED, 0, 0, MASKED));
  expect(lastTime(cells, false)).toBe(2);
  expect(lastTime(cells, true)).toBe(1);
});

test("each picture is found where it is", () => {
  const counts = fc.integer({ min: 1, max: 60 });
  const widths = fc.integer({ min: 100, max: 2500 });
  fc.assert(
    fc.property(counts, widths, (count, width) => {
      const layout = layoutOf(count, width);
      expect(layout.columns * layout.width).toBeLessThanOrEqual(width);
      for (let place = 0; place < count; place += 1) {
        const [left, top] = cornerOf(layout, place);
        const found = pictureAt(layout, left + layout.width / 2, top + layout.height / 2);
        expect(found?.place).toBe(place);
        expect(found?.share).toBeCloseTo(0.5, 6);
      }
    }),
  );
});
