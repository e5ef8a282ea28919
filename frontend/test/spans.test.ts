import fc from "fast-check";
import { expect, test } from "vitest";
import { Histograms } from "../src/decode/histograms";
import { decades } from "../src/paint/span";
import { colorSpans, logFloor } from "../src/state/spans";
import { binsOf, safetensors } from "./encode";
import { seriesOf } from "./series";

function histogramsOf(values: number[]): Histograms {
  const { keys, counts } = binsOf(values);
  const statistics = Float64Array.of(Math.min(...values), Math.max(...values));
  const { buffer: steps } = BigInt64Array.of(0n);
  return new Histograms(
    safetensors(
      {
        steps: { dtype: "I64", shape: [1], bytes: steps },
        statistics: { dtype: "F64", shape: [1, 1, 2], bytes: statistics.buffer },
        offsets: {
          dtype: "I64",
          shape: [2],
          bytes: BigInt64Array.of(0n, BigInt(keys.length)).buffer,
        },
        keys: { dtype: "U16", shape: [keys.length], bytes: keys.buffer as ArrayBuffer },
        counts: { dtype: "U32", shape: [counts.length], bytes: counts.buffer as ArrayBuffer },
      },
      { statistics: "minimum,maximum" },
    ),
  );
}

test("colours end at the largest number itself, not at the end of its bin", () => {
  const shown = {
    run: "run",
    series: seriesOf({ gates: ["whole"] }),
    histograms: histogramsOf([-1, 0.5, 0.25]),
  };
  expect(colorSpans([shown])(shown, 0)).toEqual({ low: 0.1, high: 1 });
});

test("logarithmic colours begin at the decade of what is small", () => {
  expect(logFloor(0.5, 3e-4)).toBeCloseTo(1e-4, 12);
  expect(logFloor(1, 3e-4)).toBeCloseTo(1e-4, 12);
});

test("they run over one decade at least, and over eight at most", () => {
  expect(logFloor(1, 0.9)).toBeCloseTo(0.1, 12);
  expect(logFloor(1, 1e-30)).toBeCloseTo(1e-8, 15);
  expect(logFloor(1, 0)).toBeCloseTo(1e-8, 15);
});

test("whatever there is, they begin below their end at a whole decade", () => {
  const magnitude = fc.double({ min: 1e-30, max: 1e30, noNaN: true });
  fc.assert(
    fc.property(magnitude, magnitude, (one, other) => {
      const high = Math.max(one, other);
      const low = logFloor(high, Math.min(one, other));
      expect(low).toBeLessThan(high);
      expect(decades({ low, high })).toBeLessThanOrEqual(8 + 1e-6);
      expect(Math.abs(Math.log10(low) - Math.round(Math.log10(low)))).toBeLessThan(1e-9);
    }),
  );
});
