/** What of the heatmaps is looked at: all series on screen at their steps, and what they are compared with. */

import { computed } from "@preact/signals";
import { referredBy } from "./reference";
import { stepIn } from "./selection";
import { shownOnScreen } from "./shown";
import { areLoaded, type Looked } from "./snapshots";

/** In the order in which it stands on screen. */
export const looked = computed<Looked[]>(() =>
  shownOnScreen.value.flatMap(({ run, shown }) => {
    const step = stepIn(run);
    return step === null
      ? []
      : shown.flatMap(({ series }) => {
          const referred = referredBy(run, series);
          return [{ run, series, step }, ...(referred ? [referred] : [])];
        });
  }),
);

/** Whether none of it is on its way any more. */
export const isLookedAtLoaded = computed(() => areLoaded(looked.value));
