/** A value once it has stayed the same for a while: what is asked for then isn't asked for at each step that is passed. */

import { effect, type ReadonlySignal, signal } from "@preact/signals";

/**
 * Follows a signal with a delay.
 *
 * @param milliseconds - How long it has to stay the same.
 */
export function settled<T>(own: ReadonlySignal<T>, milliseconds: number): ReadonlySignal<T> {
  const found = signal(own.peek());
  effect(() => {
    const value = own.value;
    const timer = setTimeout(() => {
      found.value = value;
    }, milliseconds);
    return () => clearTimeout(timer);
  });
  return found;
}
