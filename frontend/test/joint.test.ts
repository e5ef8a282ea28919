import { expect, test } from "vitest";
import { Joint } from "../src/decode/joint";
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
