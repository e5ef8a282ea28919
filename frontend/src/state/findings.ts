/** What rules found in all that is listed, whether or not it is on screen. */

import { computed } from "@preact/signals";
import { sort } from "d3-array";
import type { Finding, Nonfinite, Series } from "../api/catalog";
import { catalog } from "./catalog";
import { gravityOfRule } from "./gravity";
import {
  type ColoredRun,
  chooseBlock,
  chooseKind,
  chooseStep,
  isOpen,
  kind,
  shownRuns,
  step,
  steps,
} from "./selection";
import { findingsIn, foundAnew } from "./thresholds";

/** A finding, and where it was found. */
export interface PlacedFinding {
  run: Pick<ColoredRun, "run" | "color">;
  series: Series;
  finding: Finding;
}

/** Whether a rule found something at a step. */
export function holdsAt({ first_step, last_step }: Finding, at: number): boolean {
  return first_step <= at && (last_step === null || at <= last_step);
}

/** Whether a rule finds something at the shown step. */
export function holdsNow(finding: Finding): boolean {
  return step.value !== null && holdsAt(finding, step.value);
}

/** The first NaN or infinity of a gate, and where it is. */
export interface PlacedNonfinite {
  run: Pick<ColoredRun, "run" | "color">;
  series: Series;
  nonfinite: Nonfinite;
}

/** Whether a series is the one that is looked at: of the open place and of the shown kind. */
function isLookedAt(run: string, series: Series): boolean {
  return series.kind === kind.value.name && isOpen(run, series);
}

/** All first NaN and infinities of the shown runs: those of what is looked at first, then by their steps. */
export const nonfinite = computed<PlacedNonfinite[]>(() => {
  const all = shownRuns.value.flatMap(({ run, color, series: every }) =>
    every.flatMap((series) =>
      series.nonfinite.map((one) => ({ run: { run, color }, series, nonfinite: one })),
    ),
  );
  return sort(
    all,
    ({ run, series }) => Number(!isLookedAt(run.run, series)),
    ({ nonfinite: { step: first } }) => first,
  );
});

/** Those of what is looked at, and the very first one of each run that has others. */
export const foremostNonfinite = computed<PlacedNonfinite[]>(() => {
  const seen = new Set<string>();
  return nonfinite.value.filter(({ run, series }) => {
    const isForemost = isLookedAt(run.run, series) || !seen.has(run.run);
    seen.add(run.run);
    return isForemost;
  });
});

/** Goes to where a gate first held something that is not a finite number. */
export function openNonfinite({ run, series, nonfinite: found }: PlacedNonfinite): void {
  openSeriesOf(run.run, series);
  chooseStep(found.step);
}

/** All findings of the shown runs: those that hold now first, of them those of the open place, and the worst. */
export const findings = computed<PlacedFinding[]>(() => {
  const all = shownRuns.value.flatMap((one) => {
    const run = { run: one.run, color: one.color };
    return findingsIn(one).flatMap(([series, found]) =>
      found.map((finding) => ({ run, series, finding })),
    );
  });
  return sort(
    all,
    (a, b) =>
      Number(holdsNow(b.finding)) - Number(holdsNow(a.finding)) ||
      Number(isOpen(b.run.run, b.series)) - Number(isOpen(a.run.run, a.series)) ||
      gravityOf(a) - gravityOf(b),
  );
});

/** Why it is not known what rules find with other thresholds. */
export const findingsFaults = computed(() =>
  shownRuns.value.flatMap((run) => {
    const loaded = foundAnew(run);
    if (loaded?.state === "ready") {
      return Object.values(loaded.value.all.unreadable);
    }
    return loaded?.state === "failed" ? [`${run.run}: ${loaded.reason}`] : [];
  }),
);

/** How bad it is: the less, the worse. */
export function gravityOf({ finding }: Pick<PlacedFinding, "finding">): number {
  return gravityOfRule(catalog.value?.rules ?? [], finding.rule);
}

/** Goes to where a rule first found something. */
export function openFinding({ run, series, finding }: PlacedFinding): void {
  openSeriesOf(run.run, series);
  // Of the steps that can be shown, which are fewer, the first one at which it holds.
  const found = steps.value.find((shown) => holdsAt(finding, shown));
  chooseStep(found ?? finding.first_step);
}

function openSeriesOf(run: string, series: Series): void {
  chooseKind(series.kind);
  chooseBlock(run, series, series.matrix);
}
