import { expect, test } from "vitest";
import { areUnknown, inGroups, placeOfRow } from "../src/state/columns";
import { seriesOf } from "./series";

const kernel = seriesOf();
const bias = seriesOf({ matrix: "bias", rows: 1 });
const peephole = seriesOf({ matrix: "peephole", rows: 1, gates: ["input", "forget", "output"] });
const projection = seriesOf({ matrix: "projection", gates: ["whole"], columns: 3 });
const wider = seriesOf({ matrix: "projection", gates: ["whole"], columns: 4 });

test("matrices with the same columns stand together", () => {
  const all = [kernel, bias, peephole, projection, wider].map((series) => ({ series }));
  const matrices = inGroups(all).map((group) => group.map(({ series }) => series));
  expect(matrices).toEqual([[kernel, bias], [peephole], [projection], [wider]]);
});

test("matrices that others stand between are not put together, so that their order stays", () => {
  const all = [kernel, projection, bias].map((series) => ({ series }));
  expect(inGroups(all)).toHaveLength(3);
});

test("no matrices are no groups", () => {
  expect(inGroups([])).toEqual([]);
});

test("the gates of a cell are unknown where none of its matrices is divided by them", () => {
  expect(areUnknown([projection, wider])).toBe(true);
  expect(areUnknown([kernel, projection])).toBe(false);
  expect(areUnknown([])).toBe(false);
});

test("rows of a convolution are numbered by the kernel's axes, channels first to change", () => {
  const places = Array.from({ length: 12 }, (_, row) => placeOfRow(row, [2, 2, 3]));
  expect(places.slice(0, 4)).toEqual([
    [0, 0, 0],
    [0, 0, 1],
    [0, 0, 2],
    [0, 1, 0],
  ]);
  expect(places[11]).toEqual([1, 1, 2]);
  expect(new Set(places.map(String)).size).toBe(12);
  expect(placeOfRow(4, [5])).toEqual([4]);
});
