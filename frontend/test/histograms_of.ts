/** Histograms of known numbers, for tests. */

import { cumsum } from "d3-array";
import { Histograms, readHistograms } from "../src/decode/histograms";
import { binsOf, safetensors } from "./encode";

const NAMES = [
  "count",
  "nan",
  "positive_infinity",
  "negative_infinity",
  "zero",
  "minimum",
  "maximum",
];

/**
 * Histograms as the server sends them, at steps 0, 10, 20, ...
 *
 * @param values - By step, then gate.
 */
export function histogramsOf(values: readonly (readonly (readonly number[])[])[]): Histograms {
  const gates = values.flat().map((all) => all.map(Math.fround));
  const bins = gates.map((all) => binsOf(all.filter(Number.isFinite)));
  const offsets = [0, ...cumsum(bins, ({ keys }) => keys.length)];
  const keys = Uint16Array.from(bins.flatMap((one) => [...one.keys]));
  const counts = Uint32Array.from(bins.flatMap((one) => [...one.counts]));
  const statistics = Float64Array.from(gates.flatMap(statisticsOf));
  const steps = BigInt64Array.from(values, (_, index) => BigInt(10 * index));
  const shape = [values.length, values[0]?.length ?? 0, NAMES.length];
  return new Histograms(
    readHistograms(
      safetensors(
        {
          steps: { dtype: "I64", shape: [steps.length], bytes: steps.buffer },
          statistics: { dtype: "F64", shape, bytes: statistics.buffer },
          offsets: {
            dtype: "I64",
            shape: [offsets.length],
            bytes: BigInt64Array.from(offsets, BigInt).buffer,
          },
          keys: { dtype: "U16", shape: [keys.length], bytes: keys.buffer },
          counts: { dtype: "U32", shape: [counts.length], bytes: counts.buffer },
        },
        { statistics: NAMES.join() },
      ),
    ),
  );
}

function statisticsOf(values: readonly number[]): number[] {
  const finite = values.filter(Number.isFinite);
  const count = (wanted: number) => values.filter((value) => Object.is(value, wanted)).length;
  return [
    values.length,
    count(Number.NaN),
    count(Number.POSITIVE_INFINITY),
    count(Number.NEGATIVE_INFINITY),
    values.filter((value) => value === 0).length,
    finite.length ? Math.min(...finite) : Number.NaN,
    finite.length ? Math.max(...finite) : Number.NaN,
  ];
}
