/** What timelines are drawn from: what was logged, and what the server finds out only where somebody asks. */

import { computed } from "@preact/signals";
import { type Colored, shownOnScreen, statisticsOnScreen } from "../../state/shown";
import type { Measured } from "../../state/spans";
import { ofSeries, statisticsOf } from "../../state/statistics";

/** Statistics that no series has of its own. */
const COMPUTED: readonly string[] = ["distribution_change"];
/** What marks need beside them. */
const FOR_MARKS = ["nan", "positive_infinity", "negative_infinity"] as const;
const MOST_STEPS = 500;

/** All series on screen with the statistics that the server finds out. */
const computedOnScreen = computed<Colored<Measured>[]>(() =>
  shownOnScreen.value.flatMap((run) => {
    const series = run.shown.map((one) => one.series);
    const names = [...COMPUTED, ...FOR_MARKS];
    const loaded = series.length ? statisticsOf(run, { series, names, most: MOST_STEPS }) : null;
    return series.flatMap((one) => {
      const own = loaded && ofSeries(loaded, one);
      return own?.state === "ready"
        ? [{ run: run.run, color: run.color, series: one, statistics: own.value }]
        : [];
    });
  }),
);

/** All series on screen with what a row of timelines is drawn from. */
export function loadedFor(statistic: string): Colored<Measured>[] {
  return (COMPUTED.includes(statistic) ? computedOnScreen : statisticsOnScreen).value;
}
