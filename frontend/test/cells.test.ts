import fc from "fast-check";
import { expect, test } from "vitest";
import { Cells } from "../src/decode/cells";
import { safetensors } from "./encode";

const bfloat16 = (...bits: number[]) => new Cells(1, bits.length, Uint16Array.from(bits));
const float32 = (...values: number[]) =>
  new Cells(1, values.length, new Uint32Array(Float32Array.from(values).buffer));

test("cells are read from the bits that came", () => {
  const bytes = Uint16Array.of(0x3f80, 0xbf00, 0, 0x4049, 0x7fc0, 0xff80).buffer;
  const cells = Cells.decode(safetensors({ cells: { dtype: "BF16", shape: [2, 3], bytes } }));
  expect([cells.at(0, 0), cells.at(0, 1), cells.at(0, 2)]).toEqual([1, -0.5, 0]);
  expect([cells.at(1, 0), cells.at(1, 1), cells.at(1, 2)]).toEqual([
    3.140625,
    Number.NaN,
    -Infinity,
  ]);
});

test("a heatmap that is no matrix is refused", () => {
  const bytes = Uint16Array.of(1, 2).buffer;
  const file = safetensors({ cells: { dtype: "BF16", shape: [2], bytes } });
  expect(() => Cells.decode(file)).toThrow("no matrix");
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
