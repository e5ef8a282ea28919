import { expect, test } from "vitest";
import { absentOf } from "../src/state/frozen";
import { isAbout } from "../src/state/notices";
import { sentence } from "../src/views/parts/words";
import { GRADIENTS, noticeOf, runOf, seriesOf } from "./series";

test.each([
  [{ kind: "gradients" }, true],
  [{ kind: "gradients", layers: ["lstm"] }, true],
  [{ kind: "gradients", layers: ["gru", "lstm"] }, true],
  [{ kind: "gradients", layers: ["gru"] }, false],
  [{ kind: "updates" }, false],
  [{ kind: "updates", layers: ["lstm"] }, false],
  [{ kind: "", layers: ["lstm"] }, true],
  [{ kind: "", layers: ["gru"] }, false],
  [{ kind: "" }, false],
])("a notice is about a kind of a layer, or it is not: %o", (facts, isIt) => {
  expect(isAbout(noticeOf(facts), "gradients", "lstm")).toBe(isIt);
});

test("where a run has no gradients at all, those count as absent of which a notice says why", () => {
  const [lstm, gru] = [seriesOf({ layer: "lstm" }), seriesOf({ layer: "gru" })];
  const run = runOf(lstm, gru);
  expect(absentOf(run, GRADIENTS)).toEqual([]);
  expect(absentOf({ ...run, notices: [noticeOf({ layers: ["gru"] })] }, GRADIENTS)).toEqual([gru]);
  expect(absentOf({ ...run, notices: [noticeOf()] }, GRADIENTS)).toEqual([lstm, gru]);
});

test("a sentence has one full stop, and a capital letter unless it begins with a name", () => {
  expect(["Gone", "Gone.", "Gone?"].map(sentence)).toEqual(["Gone.", "Gone.", "Gone?"]);
  expect(sentence("no gradients come")).toBe("No gradients come.");
  expect(["lstm_1 is gone", "'lstm' is gone", ""].map(sentence)).toEqual([
    "lstm_1 is gone.",
    "'lstm' is gone.",
    ".",
  ]);
});
