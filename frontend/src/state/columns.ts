/** Which matrices of a cell have the same columns, so that they share names of gates and numbers of columns. */

import type { Series } from "../api/catalog";

/** What stands for the gates of a matrix that is not divided by gates. */
export const WHOLE = "whole";

/** Whether two matrices have the same gates side by side, of the same size. */
export function haveSameColumns(one: Series, other: Series): boolean {
  return one.columns === other.columns && JSON.stringify(one.gates) === JSON.stringify(other.gates);
}

/** Matrices in runs of those that follow each other with the same columns. */
export function inGroups<T extends { series: Series }>(all: readonly T[]): T[][] {
  const groups: T[][] = [];
  for (const one of all) {
    const last = groups.at(-1);
    if (last?.[0] && haveSameColumns(last[0].series, one.series)) {
      last.push(one);
    } else {
      groups.push([one]);
    }
  }
  return groups;
}

/** Whether nothing is known of a cell's gates. */
export function areUnknown(all: readonly Series[]): boolean {
  return all.length > 0 && all.every(({ gates }) => gates.length === 1 && gates[0] === WHOLE);
}

/**
 * Where a row of a matrix stands on each of the axes that its rows are numbered by.
 *
 * @returns A number for each of `shape`, the last of which counts fastest.
 */
export function placeOfRow(row: number, shape: readonly number[]): number[] {
  const place: number[] = [];
  let rest = row;
  for (const size of [...shape].reverse()) {
    place.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return place;
}
