/** Which places stand below one name of a layer. */

import type { Place } from "../../state/places";

/**
 * The places of each layer, in their order.
 *
 * Two runs may call different layers by one name: these stand below a name each.
 */
export function layerGroups<P extends { place: Place }>(all: readonly P[]): P[][] {
  const groups: P[][] = [];
  for (const one of all) {
    const own = groups.find(
      (group) =>
        group[0]?.place.layer === one.place.layer && !group.some((other) => areSame(other, one)),
    );
    if (own) {
      own.push(one);
    } else {
      groups.push([one]);
    }
  }
  return groups;
}

function areSame({ place: one }: { place: Place }, { place: other }: { place: Place }): boolean {
  return one.direction === other.direction && one.index === other.index;
}
