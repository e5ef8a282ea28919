/** Thresholds of rules that a person has changed, and what is found with them. */

import { computed, signal } from "@preact/signals";
import type { Finding, Rule, Run, Series } from "../api/catalog";
import { type FoundAnew, fetchFindings } from "../api/findings";
import { catalog } from "./catalog";
import { Latest, versionOf } from "./latest";
import type { Loaded } from "./resource";

const MAX_BYTES = 2 ** 22;
const BYTES_A_FINDING = 200;

/** The thresholds that a person has chosen, by the names of the rules. */
export const thresholds = signal<ReadonlyMap<string, number>>(new Map());

/** The rules that look at some kind of numbers that is there. */
export const rulesAtHand = computed<Rule[]>(() => {
  const kinds = catalog.value?.kinds.map(({ name }) => name) ?? [];
  return lookingAt(catalog.value?.rules ?? [], kinds);
});

/** The rules that look at some of these kinds. */
function lookingAt(rules: readonly Rule[], kinds: readonly string[]): Rule[] {
  const known = new Set(kinds);
  return rules.filter((rule) => rule.kinds.some((kind) => known.has(kind)));
}

/** Whether a number can be the threshold of a rule. */
export function canBeThreshold(rule: Rule, value: unknown): value is number {
  return (
    Number.isFinite(value) &&
    0 <= Number(value) &&
    Number(value) <= (rule.largest ?? Number.MAX_VALUE)
  );
}

/** Those that are other ones than the writer's: an address may hold anything. */
export const changedThresholds = computed<ReadonlyMap<string, number>>(() => {
  const changed = rulesAtHand.value.flatMap((rule) => {
    const value = thresholds.value.get(rule.name);
    return canBeThreshold(rule, value) && value !== rule.threshold
      ? [[rule.name, value] as const]
      : [];
  });
  return new Map(changed);
});

/** The threshold by which a rule finds something now. */
export function thresholdOf(rule: Rule): number {
  return changedThresholds.value.get(rule.name) ?? rule.threshold;
}

/** Chooses the threshold of a rule; null for the writer's. */
export function setThreshold({ name }: Rule, value: number | null): void {
  const all = new Map(thresholds.value);
  if (value === null) {
    all.delete(name);
  } else {
    all.set(name, value);
  }
  thresholds.value = all;
}

/** What was found anew in a run, and by which rules. */
class Found {
  constructor(
    readonly rules: ReadonlyMap<string, number>,
    readonly all: FoundAnew,
  ) {}

  get byteLength(): number {
    return BYTES_A_FINDING * (1 + Object.values(this.all.findings).flat().length);
  }
}

const kept = new Latest<Found>(MAX_BYTES);

/** What is found anew in a run; null where no threshold is changed of a rule that looks at something in it. */
export function foundAnew({ run, series }: Run): Loaded<Found> | null {
  const changed = changedThresholds.value;
  const rules = lookingAt(
    rulesAtHand.value.filter(({ name }) => changed.has(name)),
    series.map(({ kind }) => kind),
  );
  const own = new Map(rules.map((rule) => [rule.name, thresholdOf(rule)]));
  if (own.size === 0) {
    return null;
  }
  const version = JSON.stringify([[...own], series.map(versionOf)]);
  return kept.get(run, version, async () => new Found(own, await fetchFindings(run, own)));
}

/** The findings of each series of a run: the writer's, until what is found with other thresholds is there. */
export function findingsIn(run: Run): [Series, Finding[]][] {
  const loaded = foundAnew(run);
  if (loaded?.state !== "ready") {
    return run.series.map((series) => [series, series.findings]);
  }
  const { rules, all } = loaded.value;
  return run.series.map((series) => [
    series,
    [
      ...series.findings.filter(({ rule }) => !rules.has(rule)),
      ...(all.findings[series.tag] ?? []),
    ],
  ]);
}

/** Lets all be tried again that was not to be had; tells whether there was any. */
export function forgetFailedFindings(): boolean {
  return kept.forgetFailures();
}
