/** A signal that follows from others, without drawing anything again that is not bound to it. */

import { computed, type ReadonlySignal } from "@preact/signals";
import { useMemo } from "preact/hooks";

/** @param inputs - What `compute` uses that is no signal: it is another one as soon as one of them is. */
export function useDerived<T>(compute: () => T, inputs: readonly unknown[]): ReadonlySignal<T> {
  return useMemo(() => computed(compute), inputs as unknown[]);
}
