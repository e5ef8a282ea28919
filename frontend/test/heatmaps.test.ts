import fc from "fast-check";
import { expect, test } from "vitest";
import { Cells } from "../src/decode/cells";
import { countBeyond } from "../src/views/heatmaps/beyond";
import { cardColumns } from "../src/views/heatmaps/card_columns";
import { differenceText, exactText } from "../src/views/heatmaps/cell_values";
import { kernelPlaces } from "../src/views/heatmaps/kernel_places";
import { cellIn, placeOfCell } from "../src/views/heatmaps/places";
import { type Box, tooltipPlace } from "../src/views/heatmaps/tooltip_place";
import { seriesOf } from "./series";

function float32(rows: number, values: number[]): Cells {
  const bits = new Uint32Array(Float32Array.from(values).buffer);
  return new Cells(rows, values.length / rows, bits);
}

/** Rounded towards zero. */
function bfloat16(rows: number, values: number[]): Cells {
  const bits = new Uint32Array(Float32Array.from(values).buffer);
  return new Cells(
    rows,
    values.length / rows,
    Uint16Array.from(bits, (one) => one >>> 16),
  );
}

test("what is past the end of its gate's colours is counted; what is no number is not", () => {
  const cells = float32(2, [1, 5, 3, 9, -7, Number.NaN, Number.POSITIVE_INFINITY, 0]);
  const spans = [
    { low: 0.1, high: 2 },
    { low: 0.1, high: 8 },
  ];
  expect(countBeyond({ cells, minus: null, spans }, 8)).toEqual({ beyond: 3, all: 8 });
  expect(countBeyond({ cells, minus: cells, spans }, 8).beyond).toBe(0);
});

test("of a large matrix some rows are looked at, and the share is about right", () => {
  const rows = 2048;
  const values = Array.from({ length: rows * 512 }, (_, place) => (place % 10 === 0 ? 2 : 0));
  const cells = float32(rows, values);
  const { beyond, all } = countBeyond(
    { cells, minus: null, spans: [{ low: 0.1, high: 1 }] },
    2 ** 16,
  );
  expect(all).toBeLessThanOrEqual(2 ** 16);
  expect(beyond / all).toBeCloseTo(0.1, 2);
});

test("cards are balanced over the rows, and none is too narrow", () => {
  expect(cardColumns(6, 2290)).toBe(3);
  expect(cardColumns(6, 2400)).toBe(6);
  expect(cardColumns(2, 830)).toBe(2);
  expect(cardColumns(2, 600)).toBe(1);
  expect(cardColumns(0, 0)).toBe(1);
  const card = fc.integer({ min: 1, max: 30 });
  fc.assert(
    fc.property(card, fc.integer({ min: 300, max: 4000 }), (cards, width) => {
      const columns = cardColumns(cards, width);
      const empty = columns * Math.ceil(cards / columns) - cards;
      expect(empty).toBeLessThan(Math.ceil(cards / columns));
      expect(columns === 1 || (width - 14 * (columns - 1)) / columns >= 380).toBe(true);
    }),
  );
});

test("values have enough digits to be compared, and to be found again", () => {
  expect(exactText(bfloat16(1, [0.1]), 0, 0)).toMatch(/^0\.0996|^0\.09961|^0\.1001/);
  expect(exactText(bfloat16(1, [0.5]), 0, 0)).toBe("0.5");
  expect(exactText(float32(1, [0.123456789]), 0, 0)).toBe("0.12345679");
  expect(exactText(float32(1, [Number.NaN]), 0, 0)).toBe("NaN");
});

test("a difference has its sign, and the NaN and infinity of both", () => {
  const one = float32(1, [1.5, 1, Number.NaN, 1, Number.POSITIVE_INFINITY]);
  const other = float32(1, [1, 1.5, 1, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  const texts = [0, 1, 2, 3, 4].map((column) => differenceText(one, other, 0, column));
  expect(texts).toEqual(["+0.5", "−0.5", "NaN", "infinity", "infinity"]);
});

test("a convolution's rows are grouped by their places in the kernel, as far as they are seen", () => {
  const series = seriesOf({ rows: 12, row_shape: [2, 2, 3] });
  const all = kernelPlaces(series, { top: 0, height: 12 }, 120);
  expect(all.map(({ text }) => text)).toEqual(["0, 0", "0, 1", "1, 0", "1, 1"]);
  expect(all.map(({ first }) => first)).toEqual([0, 3, 6, 9]);
  expect(kernelPlaces(series, { top: 4, height: 4 }, 120).map(({ text }) => text)).toEqual([
    "0, 1",
    "1, 0",
  ]);
  expect(kernelPlaces(series, { top: 0, height: 12 }, 12)).toEqual([]);
  expect(kernelPlaces(seriesOf(), { top: 0, height: 5 }, 100)).toEqual([]);
});

test("a cell in an order, and pooled, is found in the place in which it is shown", () => {
  const series = seriesOf({
    rows: 4,
    columns: 6,
    gates: ["a", "b"],
    heatmaps: { steps: [], wall_times: [], pool: [2, 2] },
  });
  const order = { rows: Uint32Array.of(1, 0), columns: Uint32Array.of(2, 0, 1) };
  const laid = { series, cells: float32(2, Array(12).fill(0)), order };
  expect(cellIn(laid, { row: 0, column: 3 })).toMatchObject({ gate: "b", row: 2, column: 4 });
  for (let row = 0; row < 2; row += 1) {
    for (let column = 0; column < 6; column += 1) {
      const cell = cellIn(laid, { row, column });
      expect(cell && placeOfCell(laid, cell)).toEqual({ row, column });
    }
  }
  expect(cellIn(laid, { row: 2, column: 0 })).toBeNull();
});

test("a tooltip covers no line as long as there is a place where it doesn't, and stays on the page", () => {
  const size = { width: 200, height: 80 };
  const page = { width: 1440, height: 900 };
  const card: Box = { left: 250, top: 200, width: 1150, height: 500 };
  const x = fc.integer({ min: 360, max: 1390 });
  const y = fc.integer({ min: 210, max: 690 });
  fc.assert(
    fc.property(x, y, fc.integer({ min: 1, max: 8 }), (atX, atY, gates) => {
      const gate = 1040 / gates;
      const inGate = (atX - 350) % gate;
      const columns = Array.from({ length: gates }, (_, number) => ({
        left: 350 + number * gate + inGate,
        top: 200,
        width: 1,
        height: 500,
      }));
      const lines: Box[] = [...columns, { left: 350, top: atY, width: 1040, height: 1 }];
      const found = { ...tooltipPlace(size, { x: atX, y: atY }, lines, card, page), ...size };
      const covered = lines.filter(
        (line) =>
          line.left < found.left + size.width &&
          line.left + line.width > found.left &&
          line.top < found.top + size.height &&
          line.top + line.height > found.top,
      );
      expect(covered).toEqual([]);
      expect(found.left).toBeGreaterThanOrEqual(0);
      expect(found.top).toBeGreaterThanOrEqual(0);
      expect(found.left + size.width).toBeLessThanOrEqual(page.width);
      expect(found.top + size.height).toBeLessThanOrEqual(page.height);
    }),
  );
});
