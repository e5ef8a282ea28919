import fc from "fast-check";
import { expect, test } from "vitest";
import { sheetsOf } from "../src/paint/sheets";

const size = fc.record({
  width: fc.integer({ min: 1 }),
  height: fc.integer({ min: 1, max: 3000 }),
});

test("every picture stands on a sheet in its order, over none of the others", () => {
  fc.assert(
    fc.property(fc.array(size), (sizes) => {
      const sheets = sheetsOf(sizes, (one) => one);
      expect(sheets.flatMap(({ placed }) => placed.map(({ item }) => item))).toEqual(sizes);
      for (const { placed, width, height } of sheets) {
        let top = 0;
        for (const { item, bottom } of placed) {
          expect(bottom).toBe(top);
          expect(item.width).toBeLessThanOrEqual(width);
          top = bottom + item.height;
        }
        expect(height).toBe(top);
        expect(placed.length === 1 || height <= 2048).toBe(true);
      }
    }),
  );
});
