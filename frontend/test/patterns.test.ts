import { expect, test } from "vitest";
import { matching, patternOf } from "../src/state/patterns";

const textsOf = (one: string) => one.split("|");
const found = (text: string) =>
  matching(["encoder/LSTM|rnn", "decoder/gru"], patternOf(text), textsOf);

test("a filter lets through what matches by one of its texts, whatever the case", () => {
  expect(found("^ENC")).toEqual(["encoder/LSTM|rnn"]);
  expect(found("^rnn$")).toEqual(["encoder/LSTM|rnn"]);
  expect(found("coder")).toHaveLength(2);
  expect(found("none")).toEqual([]);
});

test("one that is no regular expression tells so, and lets all through", () => {
  expect(patternOf("a(")).toBeInstanceOf(Error);
  expect(found("a(")).toHaveLength(2);
});
