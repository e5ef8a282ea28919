import fc from "fast-check";
import { expect, test } from "vitest";
import { tiles } from "../src/paint/tiles";

test("tiles cover each cell of a matrix once, and none is too large", () => {
  const side = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(side, side, fc.integer({ min: 1, max: 17 }), (rows, columns, largest) => {
      const covered = new Uint8Array(rows * columns);
      for (const tile of tiles(rows, columns, largest)) {
        expect(Math.max(tile.rows, tile.columns)).toBeLessThanOrEqual(largest);
        for (let row = tile.row; row < tile.row + tile.rows; row += 1) {
          for (let column = tile.column; column < tile.column + tile.columns; column += 1) {
            const place = row * columns + column;
            covered[place] = (covered[place] as number) + 1;
          }
        }
      }
      expect(covered.every((times) => times === 1)).toBe(true);
    }),
  );
});
