/** Numbers of what is compared over the steps: fetched for all series of a run at once. */

import type { Series } from "../api/catalog";
import { fetchDifferences, fetchDistances, type OverSteps } from "../api/comparisons";
import type { StatisticsByTag } from "../decode/statistics";
import { Latest, versionOf } from "./latest";
import type { Opposite } from "./reference";
import type { Loaded } from "./resource";

const MEBIBYTE = 2 ** 20;

/** Of how many steps at most the differences of cells are looked at: enough to find the largest. */
const MOST_DIFFERENCES = 60;

const differences = new Latest<StatisticsByTag>(16 * MEBIBYTE);
const distances = new Latest<StatisticsByTag>(32 * MEBIBYTE);

type Pairs = readonly (readonly [Series, Series])[];

/** Between what the differences of some pairs of series are, at least one, cell by cell; read as a signal. */
export function differencesOf(run: string, to: Opposite, pairs: Pairs): Loaded<StatisticsByTag> {
  return loaded(differences, fetchDifferences, { run, to, pairs, most: MOST_DIFFERENCES });
}

/** How far the histograms of some pairs of series are from each other, at least one; read as a signal. */
export function distancesOf(
  run: string,
  to: Opposite,
  pairs: Pairs,
  most: number,
): Loaded<StatisticsByTag> {
  return loaded(distances, fetchDistances, { run, to, pairs, most });
}

interface Wanted {
  run: string;
  to: Opposite;
  pairs: Pairs;
  most: number;
}

function loaded(
  kept: Latest<StatisticsByTag>,
  fetch: (compared: OverSteps) => Promise<StatisticsByTag>,
  { run, to, pairs, most }: Wanted,
): Loaded<StatisticsByTag> {
  const compared = {
    run,
    otherRun: to.run.run,
    otherStep: to.step,
    pairs: pairs.map(([own, other]) => [own.tag, other.tag] as const),
    most,
  };
  const versions = pairs.flat().map(versionOf).join();
  return kept.get(JSON.stringify(compared), versions, () => fetch(compared));
}

/** Lets all be tried again that was not to be had; tells whether there was any. */
export function forgetFailedComparisons(): boolean {
  return [differences, distances].map((kept) => kept.forgetFailures()).includes(true);
}
