import fc from "fast-check";
import { expect, test } from "vitest";
import { tileGrid, tilesOf } from "../src/paint/tiles";

const side = fc.integer({ min: 1, max: 40 });
const largest = fc.integer({ min: 1, max: 17 });

test("tiles cover each cell of a matrix once, each where the shader looks for it, and none is too large", () => {
  fc.assert(
    fc.property(side, side, largest, (rows, columns, most) => {
      const grid = tileGrid(rows, columns, most);
      expect(Math.max(grid.rows, grid.columns)).toBeLessThanOrEqual(most);
      const layers = new Int32Array(rows * columns).fill(-1);
      for (const [layer, tile] of tilesOf(grid, rows, columns).entries()) {
        for (let row = tile.row; row < tile.row + tile.rows; row += 1) {
          for (let column = tile.column; column < tile.column + tile.columns; column += 1) {
            expect(layers[row * columns + column]).toBe(-1);
            layers[row * columns + column] = layer;
          }
        }
      }
      layers.forEach((layer, place) => {
        const [row, column] = [Math.floor(place / columns), place % columns];
        const across = Math.floor(column / grid.columns);
        expect(layer).toBe(Math.floor(row / grid.rows) * grid.across + across);
      });
    }),
  );
});

test("tiles take little more room than the matrix", () => {
  expect(tileGrid(8, 12000, 8192)).toEqual({ across: 2, down: 1, columns: 6000, rows: 8 });
});
