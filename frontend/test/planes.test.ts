import { expect, test } from "vitest";
import { Planes, readPlanes } from "../src/decode/planes";
import { safetensors } from "./encode";

const file = (dtype: string, shape: number[], bytes: ArrayBuffer) =>
  safetensors({ cells: { dtype, shape, bytes } });

const decoded = (bytes: ArrayBuffer) => Planes.from(readPlanes(bytes));

test("planes are matrices above each other", () => {
  const bytes = Float32Array.from({ length: 12 }, (_, place) => place).buffer;
  const planes = decoded(file("F32", [2, 3, 2], bytes));
  expect(planes.all.map(({ rows, columns }) => [rows, columns])).toEqual([
    [3, 2],
    [3, 2],
  ]);
  expect(planes.at(0).at(2, 1)).toBe(5);
  expect(planes.at(1).at(0, 0)).toBe(6);
  expect(planes.at(1).at(2, 1)).toBe(11);
  expect(planes.byteLength).toBe(48);
});

test("a matrix is the only plane", () => {
  const planes = decoded(file("BF16", [1, 2], Uint16Array.of(0x3f80, 0xbf80).buffer));
  expect(planes.all).toHaveLength(1);
  expect(planes.at(0).at(0, 1)).toBe(-1);
});

test("where there is no such plane, the first one is looked at", () => {
  const planes = decoded(file("BF16", [1, 1, 1], Uint16Array.of(0x3f80).buffer));
  expect(planes.at(4)).toBe(planes.at(0));
});

test.each([{ shape: [2] }, { shape: [1, 1, 1, 2] }, { shape: [0, 2, 1] }])(
  "a heatmap of shape $shape is refused",
  ({ shape }) => {
    const bytes = new Uint16Array(shape.reduce((product, size) => product * size, 1)).buffer;
    expect(() => decoded(file("BF16", shape, bytes))).toThrow("no matrix");
  },
);
