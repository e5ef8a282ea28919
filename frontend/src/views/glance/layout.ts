/** Where the cells of the glance are, in CSS pixels. */

const GAP = 14;
const LEAST_CELL = 26;
const LARGEST_CELL = 120;

/** The columns of all runs: each is as wide as the others, and divided by its gates. */
export interface GlanceLayout {
  runs: number;
  runWidth: number;
  width: number;
}

/**
 * Divides a width.
 *
 * @param gates - How many gates the row with the most of them has.
 */
export function glanceLayout(width: number, runs: number, gates: number): GlanceLayout {
  const count = Math.max(1, runs);
  const wanted = (width - GAP * (count - 1)) / count;
  const runWidth = Math.round(Math.max(LEAST_CELL * gates, Math.min(LARGEST_CELL * gates, wanted)));
  return { runs: count, runWidth, width: runWidth * count + GAP * (count - 1) };
}

/** Where a run's column begins. */
export function leftOf({ runWidth }: GlanceLayout, run: number): number {
  return run * (runWidth + GAP);
}

/** The run and the gate at a place; null between two runs. */
export function cellAt(
  layout: GlanceLayout,
  x: number,
  gates: number,
): { run: number; gate: number } | null {
  const run = Math.floor(x / (layout.runWidth + GAP));
  const within = (x - leftOf(layout, run)) / layout.runWidth;
  return run >= 0 && run < layout.runs && within >= 0 && within < 1
    ? { run, gate: Math.floor(within * gates) }
    : null;
}
