/** Runs by what tells them apart: the names of a sweep begin alike, and would all be cut to the same text. */

import { computed } from "@preact/signals";
import { rollup } from "d3-array";
import { listedRuns } from "./selection";

/** Where a name has parts: directories, and the settings of a sweep. */
const BETWEEN = /[/,]/;

/**
 * Names without the parts that all of them have.
 *
 * @returns By name; the whole name where what is left would be nothing, or would be another one's too.
 */
export function distinctNames(names: readonly string[]): Map<string, string> {
  const parts = new Map(names.map((name) => [name, name.split(BETWEEN)]));
  const [first] = names;
  const common = (parts.get(first ?? "") ?? []).filter((part) =>
    names.every((name) => parts.get(name)?.includes(part)),
  );
  const shared = new Set(names.length > 1 ? common : []);
  const short = names.map((name) => withoutParts(name, shared));
  // Another one's whole name counts as taken, too, for that one may have to stay whole.
  const taken = rollup(
    [...short, ...names.filter((name, place) => name !== short[place])],
    (same) => same.length,
    (name) => name,
  );
  return new Map(
    names.map((name, place) => {
      const own = short[place] as string;
      return [name, own === "" || taken.get(own) !== 1 ? name : own];
    }),
  );
}

/** What is left of a name, with the separators that stood there. */
function withoutParts(name: string, dropped: ReadonlySet<string>): string {
  const kept = name.split(/(?<=[/,])/).filter((part) => !dropped.has(part.replace(/[/,]$/, "")));
  return kept.join("").replace(/[/,]$/, "");
}

const shortNames = computed(() => distinctNames(listedRuns.value.map(({ run }) => run)));

/** A run's name as it is shown: by what differs between those that are listed. */
export function shortName(run: string): string {
  return shortNames.value.get(run) ?? run;
}
