/** What of the heatmaps is looked at: all series on screen at their steps, and what they are compared with. */

import { computed, signal } from "@preact/signals";
import { range } from "d3-array";
import { isPlaying, speed } from "./playback";
import { referredBy } from "./reference";
import { stepIn } from "./selection";
import { type ShownRun, shownOnScreen } from "./shown";
import { areLoaded, fetchAround, type Looked } from "./snapshots";

/** Which steps come next while nothing plays, counted from the shown one. */
const NEXT = [1, -1, 2, -2] as const;

/** Whether the tab has its first picture. */
const hasFirst = signal(false);

/** The runs whose heatmaps are due: at first one alone, so that nobody waits for all with nothing to look at. */
export const dueRuns = computed(() =>
  hasFirst.value ? shownOnScreen.value : shownOnScreen.value.slice(0, 1),
);

/** In the order in which it stands on screen. */
export const looked = computed<Looked[]>(() => dueRuns.value.flatMap(lookedAtOf));

/** Whether all of it is there; asks for it. */
export const isLookedAtLoaded = computed(() => areLoaded(looked.value));

/** Which steps may come next: while it plays, those of a second. */
const ahead = computed<readonly number[]>(() =>
  isPlaying.value ? range(1, Math.max(NEXT.length, speed.value) + 1) : NEXT,
);

/** Fetches what is looked at, and what may come next; read as a signal. */
export function fetchLooked(): void {
  fetchAround(looked.value, ahead.value);
}

/** Lets the other runs follow the first one; called once what is due has been painted. */
export function letOthersFollow(): void {
  hasFirst.value = true;
}

/** Whether nothing has to wait for the heatmaps any more. */
export const areAllThere = computed(() => hasFirst.value && isLookedAtLoaded.value);

function lookedAtOf({ run, shown }: ShownRun): Looked[] {
  const step = stepIn(run);
  return step === null
    ? []
    : shown.flatMap(({ series }) => {
        const referred = referredBy(run, series);
        return [{ run, series, step }, ...(referred ? [referred] : [])];
      });
}
