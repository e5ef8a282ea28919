import { expect, test } from "vitest";
import { Profile, Profiles } from "../src/decode/profiles";
import { curveAt, curvesOf, thinned } from "../src/views/parts/curves_of";
import { safetensors } from "./encode";

const RUN = { run: "run", color: "red" };

function file(steps: number[], shape: number[]): ArrayBuffer {
  const size = shape.reduce((product, length) => product * length, 1);
  return safetensors({
    "norm_by_time/steps": {
      dtype: "I64",
      shape: [steps.length],
      bytes: BigInt64Array.from(steps, BigInt).buffer,
    },
    "norm_by_time/values": {
      dtype: "F32",
      shape,
      bytes: Float32Array.from({ length: size }, (_, place) => place).buffer,
    },
  });
}

const profile = new Profiles(file([0, 10, 30], [3, 2, 4])).get("norm_by_time");

test("a profile has a curve for each step and gate", () => {
  expect([...(profile?.steps ?? [])]).toEqual([0, 10, 30]);
  expect([...(profile?.curve(0, 1) ?? [])]).toEqual([4, 5, 6, 7]);
  expect([...(profile?.curve(2, 0) ?? [])]).toEqual([16, 17, 18, 19]);
});

test("a series without a profile has none of it", () => {
  expect(new Profiles(file([0], [1, 1, 1])).get("singular_values")).toBeNull();
});

test("a profile with too few steps is refused", () => {
  expect(() => new Profiles(file([0, 1], [3, 1, 1]))).toThrow("as many steps");
});

test("the curve at a step is the nearest one", () => {
  expect(profile && curveAt(profile, 0, 24, RUN)?.step).toBe(30);
  expect(profile && curveAt(profile, 0, 12, RUN)?.step).toBe(10);
});

test("curves are of the wanted steps, each once, from faint to strong", () => {
  const curves = profile ? curvesOf(profile, 1, [0, 1, 2, 28], RUN) : [];
  expect(curves.map(({ step, age }) => [step, age])).toEqual([
    [0, 0],
    [30, 1],
  ]);
});

test("of many, the ends and some between are kept", () => {
  const all = Array.from({ length: 100 }, (_, place) => place);
  expect(thinned(all, 4)).toEqual([0, 33, 66, 99]);
  expect(thinned(all.slice(0, 3), 4)).toEqual([0, 1, 2]);
});

test("the ends of a profile are those of its positive numbers", () => {
  const of = (...values: number[]) =>
    new Profile(Float64Array.of(0), 1, 1, Float32Array.from(values));
  expect(of(0, 3, Number.NaN, -1, Infinity, 0.5).positiveEnds).toEqual([0.5, 3]);
  expect(of(0, Number.NaN).positiveEnds).toEqual([]);
});
