/** What there is to know of a run at a glance. */

import { max } from "d3-array";
import type { Run } from "../../api/catalog";
import { union } from "../../state/steps";
import { findingsIn } from "../../state/thresholds";
import { endOf } from "../../state/worth";
import { counted, grouped } from "../parts/words";

const written = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** The facts, each of a run that has some; null where there is nothing to say. */
const FACTS: readonly ((run: Run) => string | null)[] = [
  ({ series }) => `step ${grouped(max(series, ({ last_step }) => last_step) ?? 0)}`,
  ({ series }) => [...new Set(series.map(({ cell }) => cell))].join(", "),
  ({ series }) => {
    const steps = union(series.map(({ heatmaps }) => heatmaps.steps));
    return `heatmaps of ${counted(steps.length, "step")}`;
  },
  (run) => {
    const found = findingsIn(run).flatMap(([series, findings]) => [
      ...series.nonfinite,
      ...findings,
    ]);
    return found.length > 0 ? counted(found.length, "finding") : null;
  },
  (run) => {
    const end = endOf(run);
    return Number.isFinite(end) ? `last written ${written.format(end * 1000)}` : null;
  },
];

/** All facts of a run; that there is nothing where it has no series. */
export function runFacts(run: Run): string[] {
  return run.series.length === 0
    ? ["nothing logged"]
    : FACTS.map((fact) => fact(run)).filter((text) => text !== null);
}
