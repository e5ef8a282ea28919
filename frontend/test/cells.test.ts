import fc from "fast-check";
import { expect, test } from "vitest";
import { Cells } from "../src/decode/cells";

const bfloat16 = (...bits: number[]) => new Cells(1, bits.length, Uint16Array.from(bits));
const float32 = (...values: number[]) =>
  new Cells(1, values.length, new Uint32Array(Float32Array.from(values).buffer));

test("cells are read from the bits that came", () => {
  const cells = new Cells(2, 3, Uint16Array.of(0x3f80, 0xbf00, 0, 0x4049, 0x7fc0, 0xff80));
  expect([cells.at(0, 0), cells.at(0, 1), cells.at(0, 2)]).toEqual([1, -0.5, 0]);
  expect([cells.at(1, 0), cells.at(1, 1), cells.at(1, 2)]).toEqual([
    3.140625,
    Number.NaN,
    -Infinity,
  ]);
  expect([...cells.row(1)]).toEqual([3.140625, Number.NaN, -Infinity]);
});

test("a row of float32 is read as it is", () => {
  expect([...float32(0.5, -3, Number.POSITIVE_INFINITY).row(0)]).toEqual([0.5, -3, Infinity]);
});

test("only a cell with all bits set is masked, and no other NaN is", () => {
  const halves = bfloat16(0xffff, 0x7fff, 0x7fc0, 0);
  expect([0, 1, 2, 3].map((column) => halves.isMasked(0, column))).toEqual([
    true,
    false,
    false,
    false,
  ]);
  const words = new Cells(1, 2, Uint32Array.of(0xffffffff, 0x7fc00000));
  expect([words.isMasked(0, 0), words.isMasked(0, 1)]).toEqual([true, false]);
  expect(Number.isNaN(halves.row(0)[0])).toBe(true);
});

test("a value is told in the fewest digits that tell it from its neighbours", () => {
  expect(bfloat16(0x3dcd).text(0, 0)).toBe("0.1");
  expect(bfloat16(0x4049).text(0, 0)).toBe("3.14");
  expect(bfloat16(0xbf80).text(0, 0)).toBe("−1");
  expect(float32(0.1).text(0, 0)).toBe("0.1");
  expect(bfloat16(0x7fc0).text(0, 0)).toBe("NaN");
  expect(bfloat16(0xff80).text(0, 0)).toBe("−infinity");
});

test("the digits of any finite value lead back to its very bits", () => {
  const finite = fc.integer({ min: 0, max: 0xffff }).filter((bits) => (bits & 0x7f80) !== 0x7f80);
  fc.assert(
    fc.property(finite, (bits) => {
      const told = Number(bfloat16(bits).text(0, 0).replace("−", "-"));
      const view = new DataView(new ArrayBuffer(4));
      view.setFloat32(0, told);
      const rounded = (view.getUint32(0) + 0x7fff + ((view.getUint32(0) >>> 16) & 1)) >>> 16;
      expect(rounded & 0x7fff).toBe(bits & 0x7fff);
    }),
  );
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Math.fround(Number(float32(value).text(0, 0).replace("−", "-")))).toBeCloseTo(
        value,
        45,
      );
    }),
  );
});
