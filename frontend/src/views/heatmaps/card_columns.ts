/** How many cards stand side by side. */

const LEAST_WIDTH = 380;
const GAP = 14;

/** So many columns that no card is too narrow, and that the last row is not nearly empty: six cards are 3 + 3, not 5 + 1. */
export function cardColumns(cards: number, width: number): number {
  const most = Math.max(1, Math.floor((width + GAP) / (LEAST_WIDTH + GAP)));
  const rows = Math.ceil(cards / most);
  return Math.max(1, Math.ceil(cards / Math.max(1, rows)));
}
