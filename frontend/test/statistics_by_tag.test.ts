import { expect, test } from "vitest";
import { StatisticsByTag } from "../src/decode/statistics";
import { safetensors } from "./encode";

function answer(values: number[], shape: number[], names: string[]): ArrayBuffer {
  const steps = BigInt64Array.of(0n, 10n).buffer;
  return safetensors(
    {
      "0/all_steps": { dtype: "I64", shape: [3], bytes: BigInt64Array.of(0n, 5n, 10n).buffer },
      "0/steps": { dtype: "I64", shape: [2], bytes: steps },
      "0/values": { dtype: "F32", shape, bytes: Float32Array.from(values).buffer },
    },
    {
      tags: JSON.stringify(["weights/lstm/kernel"]),
      names: JSON.stringify([names]),
      unreadable: JSON.stringify({ "weights/lstm/bias": "it is torn" }),
    },
  );
}

test("a statistic is found by its step, gate and name", () => {
  const all = new StatisticsByTag(answer([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2], ["mean", "zero"]));
  const found = all.get("weights/lstm/kernel");
  expect(found?.statistic(1, 0, "zero")).toBe(6);
  expect(found?.statistic(0, 1, "mean")).toBe(3);
  expect(found?.statistic(0, 1, "nothing")).toBeNaN();
  expect(found?.statistic(9, 0, "mean")).toBeNaN();
  expect(found?.isThinned).toBe(true);
  expect([...(found?.allSteps ?? [])]).toEqual([0, 5, 10]);
});

test("why a series has none is told", () => {
  const all = new StatisticsByTag(answer([1, 2], [2, 1, 1], ["mean"]));
  expect(all.get("weights/lstm/bias")).toBeNull();
  expect(all.reason("weights/lstm/bias")).toBe("it is torn");
});

test("an answer whose parts don't fit together is refused", () => {
  expect(() => new StatisticsByTag(answer([1, 2], [2, 1, 1], ["mean", "zero"]))).toThrow(
    "the statistics of 'weights/lstm/kernel' don't fit together",
  );
});
