/** Lists of steps: increasing whole numbers. */

import { bisectCenter } from "d3-array";

/** All steps of some lists, each once. */
export function union(lists: readonly ArrayLike<number>[]): number[] {
  const all = new Set<number>();
  for (const list of new Set(lists)) {
    for (let place = 0; place < list.length; place += 1) {
      all.add(list[place] as number);
    }
  }
  return [...all].sort((a, b) => a - b);
}

/** The step of a list that is nearest to another one; null if the list is empty. */
export function nearest(list: ArrayLike<number>, step: number): number | null {
  return list.length ? (list[bisectCenter(list, step)] ?? null) : null;
}

/** The place in a list of the step that is nearest to another one; -1 if the list is empty. */
export function nearestIndex(list: ArrayLike<number>, step: number): number {
  return list.length ? bisectCenter(list, step) : -1;
}
