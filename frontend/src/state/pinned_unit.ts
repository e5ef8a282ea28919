/** The unit that a person keeps an eye on: a click on one of its cells pins it. */

import { computed, signal } from "@preact/signals";
import { type PointedCell, pointedCell } from "./pointer";
import { kind, openPlace } from "./selection";

/** A cell of a matrix of the open place, as it was trained. */
export interface PinnedUnit extends Omit<PointedCell, "x" | "y"> {
  /** Where it is: only there it is shown. */
  meeting: string;
  kind: string;
}

export const chosenPin = signal<PinnedUnit | null>(null);

/** What is pinned of what is open. */
export const pinnedUnit = computed<PinnedUnit | null>(() => {
  const pin = chosenPin.value;
  const isHere = pin?.meeting === openPlace.value?.meeting && pin?.kind === kind.value.name;
  return isHere ? pin : null;
});

/** Pins the cell that is pointed at, or lets it go if its unit is pinned already. */
export function togglePin(): void {
  const cell = pointedCell.peek();
  const meeting = openPlace.peek()?.meeting;
  if (!cell || meeting === undefined) {
    return;
  }
  const { x: _x, y: _y, ...place } = cell;
  const pin = { ...place, meeting, kind: kind.peek().name };
  chosenPin.value = isSame(pin, pinnedUnit.peek()) ? null : pin;
}

/** Lets the pinned unit go; tells whether there was one. */
export function unpin(): boolean {
  const wasPinned = pinnedUnit.peek() !== null;
  chosenPin.value = null;
  return wasPinned;
}

function isSame(one: PinnedUnit, other: PinnedUnit | null): boolean {
  return (
    other !== null &&
    ["matrix", "row", "column"].every((name) => one[name as "row"] === other[name as "row"])
  );
}
