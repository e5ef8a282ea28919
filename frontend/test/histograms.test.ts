import { expect, test } from "vitest";
import { Histograms, readHistograms } from "../src/decode/histograms";
import { safetensors } from "./encode";

const parts = {
  steps: { dtype: "I64", shape: [2], bytes: BigInt64Array.of(0n, 10n).buffer },
  statistics: {
    dtype: "F64",
    shape: [2, 2, 2],
    bytes: Float64Array.of(5, 0.5, 6, 0.6, 7, 0.7, 8, 0.8).buffer,
  },
  offsets: { dtype: "I64", shape: [5], bytes: BigInt64Array.of(0n, 1n, 1n, 3n, 4n).buffer },
  keys: { dtype: "U16", shape: [4], bytes: Uint16Array.of(1, 2, 3, 4).buffer },
  counts: { dtype: "U32", shape: [4], bytes: Uint32Array.of(10, 20, 30, 40).buffer },
};
const metadata = { statistics: "count,mean" };

test("each gate has its own statistics and bins at each step", () => {
  const histograms = new Histograms(readHistograms(safetensors(parts, metadata)));
  expect([...histograms.steps]).toEqual([0, 10]);
  expect(histograms.statistic(1, 0, "count")).toBe(7);
  expect(histograms.statistic(0, 1, "mean")).toBe(0.6);
  expect([...histograms.bins(1, 0).keys]).toEqual([2, 3]);
  expect([...histograms.bins(1, 1).counts]).toEqual([40]);
  expect([...histograms.bins(0, 1).keys]).toEqual([]);
});

test("a statistic that the server doesn't send is not known, rather than another one", () => {
  const histograms = new Histograms(readHistograms(safetensors(parts, metadata)));
  expect(histograms.statistic(0, 0, "l2_norm")).toBeNaN();
});

test("parts that don't fit together are refused", () => {
  const short = { ...parts, offsets: { ...parts.offsets, shape: [1], bytes: new ArrayBuffer(8) } };
  expect(() => readHistograms(safetensors(short, metadata))).toThrow("don't fit together");
});
