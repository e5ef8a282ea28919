/** Which runs can be laid over each other, gate by gate. */

import type { Series } from "../../api/catalog";

type WithGates = { series: Pick<Series, "gates"> };

/** Those that have a gate in common with another of their group, in their order; an LSTM has none with a plain cell. */
export function gateGroups<S extends WithGates>(all: readonly S[]): S[][] {
  const groups: S[][] = [];
  for (const one of all) {
    const own = groups.filter((group) => group.some((other) => shareGates(one, other)));
    const joined = [...own.flat(), one];
    const [first] = own;
    if (first) {
      first.splice(0, first.length, ...joined);
      for (const merged of own.slice(1)) {
        groups.splice(groups.indexOf(merged), 1);
      }
    } else {
      groups.push(joined);
    }
  }
  return groups;
}

function shareGates({ series: one }: WithGates, { series: other }: WithGates): boolean {
  return one.gates.some((gate) => other.gates.includes(gate));
}
