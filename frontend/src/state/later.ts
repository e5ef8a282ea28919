/** A value that follows another one later: what would cost too much at each step, or in the same frame. */

import { effect, type ReadonlySignal, signal } from "@preact/signals";

/** Follows a signal once it has stayed the same for so many milliseconds. */
export function settled<T>(own: ReadonlySignal<T>, milliseconds: number): ReadonlySignal<T> {
  return followed(own, (update) => {
    const timer = setTimeout(update, milliseconds);
    return () => clearTimeout(timer);
  });
}

/** Follows a signal once the frame that shows its change has been painted. */
export function aFrameLater<T>(own: ReadonlySignal<T>): ReadonlySignal<T> {
  return followed(own, (update) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const request = requestAnimationFrame(() => {
      timer = setTimeout(update);
    });
    return () => {
      cancelAnimationFrame(request);
      clearTimeout(timer);
    };
  });
}

/** @param schedule - Has the update done later, and gives a way to call it off. */
function followed<T>(
  own: ReadonlySignal<T>,
  schedule: (update: () => void) => () => void,
): ReadonlySignal<T> {
  const found = signal(own.peek());
  effect(() => {
    const value = own.value;
    if (value !== found.peek()) {
      return schedule(() => {
        found.value = value;
      });
    }
    return undefined;
  });
  return found;
}
