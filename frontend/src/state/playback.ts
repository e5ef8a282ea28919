/** Goes from step to step by itself. */

import { effect, signal } from "@preact/signals";
import { chooseStep, moveStep, step, steps } from "./selection";

const MILLISECONDS_A_STEP = 250;

export const isPlaying = signal(false);

/** Plays on from here, or from the start if this is the end; or stops. */
export function togglePlaying(): void {
  const [first] = steps.value;
  if (!isPlaying.value && first !== undefined && step.value === steps.value.at(-1)) {
    chooseStep(first);
  }
  isPlaying.value = !isPlaying.value;
}

effect(() => {
  if (!isPlaying.value) {
    return;
  }
  const timer = setInterval(() => {
    // A layer that has no numbers of this kind has no step to play on to.
    if (step.value === (steps.value.at(-1) ?? null)) {
      isPlaying.value = false;
    } else {
      moveStep(1);
    }
  }, MILLISECONDS_A_STEP);
  return () => clearInterval(timer);
});
