/** The series of which histograms are drawn, each run's at the shown step, and at the step that it is compared with. */

import { computed, type ReadonlySignal } from "@preact/signals";
import type { Histograms } from "../../decode/histograms";
import { histogramsNear, type LookedSeries } from "../../state/histograms";
import { referenceOfHistograms } from "../../state/reference";
import { stepIn } from "../../state/selection";
import { type Colored, measuredOnScreen } from "../../state/shown";
import type { Measured } from "../../state/spans";
import { nearestIndex } from "../../state/steps";

/** A series' histograms at one step. */
export interface HistogramsNow {
  /** Null while there are none. */
  histograms: Histograms | null;
  /** The place of the step among those of the histograms. */
  index: number;
  /** Whether it is still that of the step before. */
  isLoading: boolean;
  /** Why there are none; empty if there are. */
  reason: string;
}

/** A series of a run on screen. */
export interface SeriesLine extends Colored<Measured> {
  /** The step that all are compared with, where the line is of that one; null where it goes with the shown step. */
  comparedStep: number | null;
  now: ReadonlySignal<HistogramsNow>;
}

const NOTHING: HistogramsNow = { histograms: null, index: -1, isLoading: true, reason: "" };

export const seriesLines = computed<SeriesLine[]>(() => {
  const to = referenceOfHistograms.value;
  const compared = to && "step" in to ? [to.step] : [];
  return measuredOnScreen.value.flatMap((measured) =>
    [null, ...compared].map((comparedStep) => {
      const looked = () => lookedAt(measured, comparedStep);
      return { ...measured, comparedStep, now: histogramsNow(looked) };
    }),
  );
});

/** All that is looked at, and where. */
export function lookedHistograms(): LookedSeries[] {
  return seriesLines.value.map((line) => lookedAt(line, line.comparedStep));
}

function lookedAt({ run, series, statistics }: Measured, comparedStep: number | null) {
  const step = comparedStep ?? stepIn(run) ?? 0;
  return { run, series, steps: statistics.allSteps, step };
}

/** While what is looked at is on its way, what was looked at before stays. */
function histogramsNow(looked: () => LookedSeries): ReadonlySignal<HistogramsNow> {
  let last = NOTHING;
  return computed(() => {
    const at = looked();
    const loaded = histogramsNear(at)?.value;
    if (loaded?.state === "ready") {
      const index = nearestIndex(loaded.value.steps, at.step);
      last = { histograms: loaded.value, index, isLoading: false, reason: "" };
      return last;
    }
    return loaded?.state === "failed"
      ? { ...NOTHING, isLoading: false, reason: loaded.reason }
      : { ...last, isLoading: true };
  });
}

/** A line with histograms of its series. */
export interface LoadedLine {
  line: SeriesLine;
  histograms: Histograms;
}

/** All that is there of what is looked at. */
export const shownNow = computed<LoadedLine[]>(() =>
  seriesLines.value.flatMap((line) => {
    const { histograms } = line.now.value;
    return histograms ? [{ line, histograms }] : [];
  }),
);

/** Whether some are on their way. */
export const areHistogramsLoading = computed(() =>
  seriesLines.value.some(({ now }) => now.value.isLoading),
);

/** Why some are not to be had, each reason once; as one text, so that it is another one only if a reason is. */
export const histogramFaults = computed(() =>
  JSON.stringify([
    ...new Set(
      seriesLines.value.flatMap(({ run, now }) =>
        now.value.reason === "" ? [] : [`${run}: ${now.value.reason}`],
      ),
    ),
  ]),
);
