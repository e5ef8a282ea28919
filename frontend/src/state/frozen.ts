/** What a model has and the shown kind of numbers doesn't: frozen variables have weights, but no gradients. */

import type { Kind, Run, Series } from "../api/catalog";
import { isOfMatrices } from "./kinds";
import { noticesAbout } from "./notices";
import { placeKey } from "./places";

/** The kind that every matrix has. */
const OF_ALL = "weights";

/** Tells the matrices of a run's model apart. */
function matrixKey(series: Series): string {
  return JSON.stringify([placeKey(series), series.matrix]);
}

/** The weights of a run's matrices. */
export function weightsOf(run: Run): Series[] {
  return run.series.filter((series) => series.kind === OF_ALL);
}

/** Whether a run has anything of some kind. */
export function hasKind(run: Run, kind: string): boolean {
  return run.series.some((series) => series.kind === kind);
}

/**
 * The weights of a run's matrices that have no series of some kind; none where that kind is not of matrices.
 *
 * Where a run has none of that kind at all, nobody meant to log it, so only cells count that have something frozen, or
 * of which a notice says why.
 */
export function absentOf(run: Run, kind: Kind): Series[] {
  if (!isOfMatrices(kind)) {
    return [];
  }
  const { name } = kind;
  const present = new Set(run.series.filter((series) => series.kind === name).map(matrixKey));
  const absent = weightsOf(run).filter((series) => !present.has(matrixKey(series)));
  if (hasKind(run, name)) {
    return absent;
  }
  const explained = absent.filter(
    ({ is_trained, layer }) => !is_trained || noticesAbout(run, name, layer).length > 0,
  );
  const wanted = new Set(explained.map(placeKey));
  return absent.filter((series) => wanted.has(placeKey(series)));
}

/** The order in which a run's model has its matrices, of any kind. */
export function modelOrder(run: Run): (series: Series) => number {
  const places = new Map(weightsOf(run).map((series, place) => [matrixKey(series), place]));
  return (series) => places.get(matrixKey(series)) ?? places.size;
}

/** Whether none of some weights is trained. */
export function isFrozen(all: readonly Series[]): boolean {
  return all.length > 0 && all.every((series) => !series.is_trained);
}
