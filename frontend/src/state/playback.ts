/** Goes from step to step by itself. */

import { effect, signal } from "@preact/signals";
import { chooseStep, moveStep, step, steps } from "./selection";

/** How many steps a second go by, the default first. */
export const SPEEDS = [4, 1, 10, 20] as const;

/** Steps a second. */
export const speed = signal<number>(SPEEDS[0]);

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
  }, 1000 / speed.value);
  return () => clearInterval(timer);
});
