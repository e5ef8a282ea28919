import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Finding } from "../src/api/catalog";
import { catalog } from "../src/state/catalog";
import {
  changedThresholds,
  findingsIn,
  foundAnew,
  rulesAtHand,
  setThreshold,
  thresholdOf,
  thresholds,
} from "../src/state/thresholds";
import { ruleText } from "../src/views/findings/rule_text";
import { GRADIENTS, RULES, runOf, seriesOf } from "./series";

const [EXPLODING, SATURATED] = RULES;

function findingOf(rule: string, value: number): Finding {
  return { rule, gate: "input", value, first_step: 0, last_step: null };
}

const series = seriesOf({
  kind: "gradients",
  findings: [findingOf("exploding_gradient", 2000), findingOf("vanishing_gradient", 0)],
});
const run = runOf(series);

beforeEach(() => {
  thresholds.value = new Map();
  catalog.value = { version: "a.1", runs: [run], kinds: [GRADIENTS], rules: RULES };
});

afterEach(() => vi.unstubAllGlobals());

test("rules of kinds that no run has are not offered", () => {
  expect(rulesAtHand.value).toEqual([EXPLODING]);
});

test("a threshold is the writer's until another one is chosen, and again once it is reset", () => {
  expect(thresholdOf(EXPLODING)).toBe(1000);
  setThreshold(EXPLODING, 5);
  expect(thresholdOf(EXPLODING)).toBe(5);
  setThreshold(EXPLODING, null);
  expect([thresholdOf(EXPLODING), thresholds.value.size]).toEqual([1000, 0]);
});

test.each([
  ["exploding_gradient", "5"],
  ["exploding_gradient", -1],
  ["exploding_gradient", null],
  ["exploding_gradient", 1000],
  ["too_calm", 1],
])("what an address holds is no threshold: %s, %s", (name, value) => {
  thresholds.value = new Map([[name, value as number]]);
  expect(changedThresholds.value.size).toBe(0);
});

test("a rule says its threshold, as percent where people read it so", () => {
  expect(ruleText(EXPLODING)).toBe("The norm is above 1000.");
  setThreshold(EXPLODING, 0.5);
  expect(ruleText(EXPLODING)).toBe("The norm is above 0.5.");
  expect(ruleText(SATURATED)).toBe("More than 90 % are low.");
});

test("nothing is asked while all thresholds are the writer's", () => {
  const fetch = vi.fn();
  vi.stubGlobal("fetch", fetch);
  expect(foundAnew(run)).toBeNull();
  expect(findingsIn(run)).toEqual([[series, series.findings]]);
  expect(fetch).not.toHaveBeenCalled();
});

test("what is found with another threshold takes the place of what that rule had found, once it is there", async () => {
  const anew = { ...findingOf("exploding_gradient", 30), first_step: 4 };
  const answer = { findings: { [series.tag]: [anew] }, unreadable: {} };
  const fetch = vi.fn(async () => new Response(JSON.stringify(answer)));
  vi.stubGlobal("fetch", fetch);
  setThreshold(EXPLODING, 5);
  expect(findingsIn(run)).toEqual([[series, series.findings]]);
  await vi.waitFor(() => expect(foundAnew(run)?.state).toBe("ready"));
  expect(findingsIn(run)).toEqual([[series, [series.findings[1], anew]]]);
  const [[url]] = fetch.mock.calls as unknown as [[string]];
  expect(new URL(url).search).toBe("?run=run&rule=exploding_gradient&threshold=5");
});
