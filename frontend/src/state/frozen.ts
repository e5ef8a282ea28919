/** What a model has and the shown kind of numbers doesn't: frozen variables have weights, but no gradients. */

import type { Run, Series } from "../api/catalog";

/** The kind that every matrix has. */
const OF_ALL = "weights";

/** Tells the matrices of a run's model apart. */
function matrixKey({ layer, direction, index, matrix }: Series): string {
  return JSON.stringify([layer, direction, index, matrix]);
}

/**
 * The weights of a run's matrices that have no series of some kind.
 *
 * Where a run has none of that kind at all, nobody meant to log it, so only what is frozen counts.
 */
export function absentOf(run: Run, kind: string): Series[] {
  const found = run.series.filter((series) => series.kind === kind);
  const present = new Set(found.map(matrixKey));
  return run.series.filter(
    (series) =>
      series.kind === OF_ALL &&
      !present.has(matrixKey(series)) &&
      (found.length > 0 || !series.is_trained),
  );
}

/** The order in which a run's model has its matrices, of any kind. */
export function modelOrder(run: Run): (series: Series) => number {
  const weights = run.series.filter((series) => series.kind === OF_ALL).map(matrixKey);
  const places = new Map(weights.map((key, place) => [key, place]));
  return (series) => places.get(matrixKey(series)) ?? places.size;
}

/** Whether none of some weights is trained. */
export function isFrozen(all: readonly Series[]): boolean {
  return all.length > 0 && all.every((series) => !series.is_trained);
}
