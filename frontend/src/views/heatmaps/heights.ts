/** How much room heatmaps get, in CSS pixels. */

import type { Series } from "../../api/catalog";

const LEAST_MATRICES_HEIGHT = 200;
/** So that a card with its names and numbers leaves room for what stands above it, and for a part of what follows. */
const WINDOW_SHARE = 0.36;
const LEAST_HEIGHT = 48;
const LARGEST_ROW = 14;
const STRIP_HEIGHT = 26;
const SQUARE_WINDOW_SHARE = 0.6;

/** Rows get as many pixels as there is room for, equally in all matrices; a bias is a strip. */
export function matrixHeights(all: readonly Series[], windowHeight: number): Map<string, number> {
  const height = Math.max(LEAST_MATRICES_HEIGHT, WINDOW_SHARE * windowHeight);
  const rows = all.reduce((sum, series) => sum + (series.rows > 1 ? series.rows : 0), 0);
  const rowHeight = Math.min(LARGEST_ROW, height / Math.max(1, rows));
  return new Map(
    all.map(({ matrix, rows: own }) => [
      matrix,
      own > 1 ? Math.max(LEAST_HEIGHT, Math.round(own * rowHeight)) : STRIP_HEIGHT,
    ]),
  );
}

/** The side of a square, of which a heatmap has one a gate. */
export function squareSide({ gates }: Series, width: number, windowHeight: number): number {
  const largest = Math.max(LEAST_MATRICES_HEIGHT, SQUARE_WINDOW_SHARE * windowHeight);
  return Math.max(0, Math.round(Math.min(largest, width / gates.length)));
}
