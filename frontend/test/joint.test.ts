import { expect, test } from "vitest";
import { Joint } from "../src/decode/joint";
import { pixelsOf } from "../src/views/weight_gradient/joint_bins";
import { safetensors } from "./encode";

function answer(counts: number[]): ArrayBuffer {
  const edges = { dtype: "F64", shape: [4], bytes: Float64Array.of(-1, -0.1, 0.1, 1).buffer };
  return safetensors(
    {
      x_edges: edges,
      y_edges: edges,
      counts: { dtype: "U32", shape: [3, 3], bytes: Uint32Array.from(counts).buffer },
    },
    { step: "40", pooled: "true", not_finite: "2" },
  );
}

test("a pair of a gradient's and a weight's bin is counted in its row and column", () => {
  const joint = new Joint(answer([1, 2, 3, 4, 5, 6, 7, 8, 9].map((count) => count * 10)));
  expect([joint.rows, joint.columns, joint.largest]).toEqual([3, 3, 90]);
  expect(joint.at(0, 2)).toBe(30);
  expect(joint.at(2, 0)).toBe(70);
  expect([joint.step, joint.isPooled, joint.notFinite]).toEqual([40, true, 2]);
});

test("its picture has the largest gradients at the top, and nothing where no pair is", () => {
  const joint = new Joint(answer([0, 0, 100, 0, 0, 0, 1, 0, 0]));
  const pixels = new Uint32Array(pixelsOf(joint, false).buffer);
  const colored = [...pixels.entries()].filter(([, pixel]) => pixel !== 0);
  const [few, many] = colored.map(([, pixel]) => pixel & 0xff) as [number, number];
  expect(colored.map(([place]) => place)).toEqual([0, 8]);
  // In the light, more is darker.
  expect(many).toBeLessThan(few);
});
