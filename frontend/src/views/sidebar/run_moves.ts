/** Putting runs into another order: by dragging them, or by keys. */

import { signal } from "@preact/signals";
import { listedRuns, moveRun } from "../../state/selection";

/** The run that is being dragged, and the one that it is over. */
export const dragged = signal<string | null>(null);
export const draggedOver = signal<string | null>(null);

/** Where a run was moved to last, for those who don't see it. */
export const lastMove = signal("");

const WAYS: Record<string, number> = { ArrowUp: -1, ArrowDown: 1 };

/** Puts a run where another listed one stands, and says so. */
export function moveTo(run: string, other: string): void {
  moveRun(run, other);
  const place = placeOf(run);
  lastMove.value = `${run} is number ${place + 1} of ${listedRuns.value.length}`;
}

/** Moves a run by Alt and an arrow key; tells whether it was such a key. */
export function moveByKey(run: string, event: KeyboardEvent): boolean {
  const way = WAYS[event.key];
  if (way === undefined || !event.altKey) {
    return false;
  }
  const other = listedRuns.value[placeOf(run) + way];
  if (other) {
    moveTo(run, other.run);
  }
  return true;
}

/** On which side of a run the dragged one would come to stand; null if not beside it. */
export function dropSide(run: string): "before" | "after" | null {
  if (dragged.value === null || draggedOver.value !== run || dragged.value === run) {
    return null;
  }
  return placeOf(dragged.value) < placeOf(run) ? "after" : "before";
}

function placeOf(run: string): number {
  return listedRuns.value.findIndex((one) => one.run === run);
}
