/** What timelines are drawn from: what was logged, and what the server finds out only where somebody asks. */

import { computed } from "@preact/signals";
import { NONFINITE } from "../../state/block_statistics";
import { type Colored, measuredBy, measuredIn, statisticsOnScreen } from "../../state/shown";
import type { Measured } from "../../state/spans";
import { timelineRange } from "../../state/timeline_settings";

/** Statistics that no series has of its own, and what marks need beside them. */
const COMPUTED: readonly string[] = ["distribution_change"];
const WITH_COMPUTED: readonly string[] = [...COMPUTED, ...NONFINITE];

const computedOnScreen = computed(() => measuredBy(WITH_COMPUTED));
const computedCloser = computed(() => closer(WITH_COMPUTED));
const statisticsCloser = computed(() => closer([]));

/** More of the steps that were zoomed into; of all steps where none were. */
function closer(names: readonly string[]): Colored<Measured>[] | null {
  return timelineRange.value && measuredIn(names, timelineRange.value);
}

/** All series on screen with what a row of timelines reaches over: all steps, though not each of very many. */
export function reachedBy(statistic: string): Colored<Measured>[] {
  return (COMPUTED.includes(statistic) ? computedOnScreen : statisticsOnScreen).value;
}

/** All series on screen with what a row of timelines is drawn from. */
export function drawnFrom(statistic: string): Colored<Measured>[] {
  const found = COMPUTED.includes(statistic) ? computedCloser : statisticsCloser;
  return found.value ?? reachedBy(statistic);
}
