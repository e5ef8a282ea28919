/** Which statistics are shown over the steps. */

import { signal } from "@preact/signals";
import { BASE_STATISTICS } from "../../decode/histograms";
import { TIMELINE_STATISTICS } from "../parts/timeline_statistics";

const BASE: readonly string[] = BASE_STATISTICS;
/** Measures that are shown in a view of their own. */
const SHOWN_ELSEWHERE: readonly string[] = ["spectral_norm", "spectral_radius"];
const SHOWN_AT_FIRST: readonly string[] = ["l2_norm", "mean"];

/** Statistics that were shown or hidden by hand. */
const chosen = signal<ReadonlyMap<string, boolean>>(new Map());

/** What is offered: what every series has, then the measures among the statistics of some series. */
export function offered(names: readonly string[]): string[] {
  const measures = names.filter((name) => !BASE.includes(name));
  return [...TIMELINE_STATISTICS.map(({ name }) => name), ...measures];
}

/** Whether a statistic is shown: a few that every series has, and all measures that no other view shows. */
export function isShown(name: string): boolean {
  const isMeasure =
    !TIMELINE_STATISTICS.some((one) => one.name === name) && !SHOWN_ELSEWHERE.includes(name);
  return chosen.value.get(name) ?? (isMeasure || SHOWN_AT_FIRST.includes(name));
}

/** Shows a statistic, or hides it. */
export function show(name: string, isWanted: boolean): void {
  chosen.value = new Map(chosen.value).set(name, isWanted);
}
