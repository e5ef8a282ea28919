/** A value a frame later: what is looked at most is painted first, and the rest doesn't make that frame longer. */

import { effect, type ReadonlySignal, signal } from "@preact/signals";

/** Follows a signal once the frame that shows its change has been painted. */
export function aFrameLater<T>(own: ReadonlySignal<T>): ReadonlySignal<T> {
  const found = signal(own.peek());
  effect(() => {
    const value = own.value;
    if (value === found.peek()) {
      return;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const request = requestAnimationFrame(() => {
      timer = setTimeout(() => {
        found.value = value;
      });
    });
    return () => {
      cancelAnimationFrame(request);
      clearTimeout(timer);
    };
  });
  return found;
}
