/** Which cards a person has closed. */

import { signal } from "@preact/signals";

export const closedCards = signal<ReadonlySet<string>>(new Set());

/** Closes a card, or opens it again. */
export function toggleCard(name: string): void {
  const closed = new Set(closedCards.value);
  if (!closed.delete(name)) {
    closed.add(name);
  }
  closedCards.value = closed;
}
