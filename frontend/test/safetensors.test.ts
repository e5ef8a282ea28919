import fc from "fast-check";
import { expect, test } from "vitest";
import { Safetensors } from "../src/decode/safetensors";
import { safetensors } from "./encode";

const counts = { dtype: "U32", shape: [3], bytes: Uint32Array.of(1, 2, 3).buffer };
const steps = { dtype: "I64", shape: [2], bytes: BigInt64Array.of(0n, 2n ** 40n).buffer };

test("numbers come back as they were written, wherever they lie in the file", () => {
  const odd = { dtype: "U16", shape: [1], bytes: Uint16Array.of(7).buffer };
  const file = new Safetensors(safetensors({ odd, counts, steps }, { statistics: "count,nan" }));
  expect([...file.read("counts", "U32")]).toEqual([1, 2, 3]);
  expect([...file.read("steps", "I64")]).toEqual([0, 2 ** 40]);
  expect(file.shape("counts")).toEqual([3]);
  expect(file.metadata("statistics")).toBe("count,nan");
});

test.each([
  ["too short", new ArrayBuffer(4)],
  ["its header doesn't fit", new Uint8Array(16).fill(255).buffer],
  ["its header can't be read", new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 91, 93]).buffer],
])("bytes that are no such file are refused: %s", (reason, bytes) => {
  expect(() => new Safetensors(bytes)).toThrow(reason);
});

test("a tensor that isn't there, is of another type, or doesn't fit is refused", () => {
  const wrong = { ...counts, shape: [4] };
  const file = new Safetensors(safetensors({ counts, wrong }));
  expect(() => file.read("keys", "U16")).toThrow("there is no 'keys'");
  expect(() => file.read("counts", "F32")).toThrow("'counts' holds U32, not F32");
  expect(() => file.read("wrong", "U32")).toThrow("has 12 bytes where its shape needs 16");
});

test("whatever bytes come, it either reads them or says why not", () => {
  const whole = new Uint8Array(safetensors({ counts, steps }));
  const broken = fc.tuple(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length));
  fc.assert(
    fc.property(broken, ([place, byte, length]) => {
      const bytes = whole.slice(0, length);
      bytes[place] = byte;
      try {
        new Safetensors(bytes.buffer).read("counts", "U32");
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
    { numRuns: 500 },
  );
});
