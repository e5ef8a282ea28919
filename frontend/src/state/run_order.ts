/** The order of the runs: as a person has put them, and by name where nobody did. */

import { signal } from "@preact/signals";
import { sort } from "d3-array";

/** The names of those that a person has put first, in their order; all others follow by name. */
export const runOrder = signal<readonly string[]>([]);

/** Names in an order: those that it has, then the others as they were. */
export function inOrder(names: readonly string[], order: readonly string[]): string[] {
  const places = new Map(order.map((name, place) => [name, place]));
  return sort(names, (name) => places.get(name) ?? order.length);
}

/** Names with one of them in the place of another one, which makes room for it. */
export function moved(names: readonly string[], name: string, other: string): string[] {
  const [from, to] = [names.indexOf(name), names.indexOf(other)];
  return from < 0 || to < 0 ? [...names] : names.toSpliced(from, 1).toSpliced(to, 0, name);
}

/** The fewest names that bring all into an order, so that an address stays short. */
export function shortestOrder(names: readonly string[], wanted: readonly string[]): string[] {
  const text = JSON.stringify(wanted);
  const length = wanted.findIndex(
    (_, count) => JSON.stringify(inOrder(names, wanted.slice(0, count))) === text,
  );
  return wanted.slice(0, Math.max(0, length));
}
