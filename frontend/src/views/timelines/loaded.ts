/** What timelines are drawn from: what was logged, and what the server finds out only where somebody asks. */

import { computed } from "@preact/signals";
import { NONFINITE } from "../../state/block_statistics";
import { type Colored, measuredBy, statisticsOnScreen } from "../../state/shown";
import type { Measured } from "../../state/spans";

/** Statistics that no series has of its own. */
const COMPUTED: readonly string[] = ["distribution_change"];

/** All series on screen with the statistics that the server finds out, and what marks need beside them. */
const computedOnScreen = computed(() => measuredBy([...COMPUTED, ...NONFINITE]));

/** All series on screen with what a row of timelines is drawn from. */
export function loadedFor(statistic: string): Colored<Measured>[] {
  return (COMPUTED.includes(statistic) ? computedOnScreen : statisticsOnScreen).value;
}
