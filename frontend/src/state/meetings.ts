/** Where the layers of all runs meet: by themselves, or as a person wants it. */

import { computed, signal } from "@preact/signals";
import type { Run } from "../api/catalog";
import { catalog } from "./catalog";
import { type ByHand, pairByHand, pairPlaces } from "./pairing";
import { type Place, placeKey, placesOf, type RunPlace } from "./places";

/** What a person wants to meet. */
export const wishes = signal<readonly ByHand[]>([]);

// Of all runs, so that a filter doesn't change what meets.
const automatic = computed(() => pairPlaces(catalog.value?.runs ?? []));

const pairing = computed(() => pairByHand(automatic.value, wishes.value));

/** Tells where a place of a run meets those of others: they have the same text. */
export function meetingOf(run: string, place: Place): string {
  return pairing.value.get(run)?.get(placeKey(place)) ?? "";
}

/** Shows a place of a run beside one of another run; what was there changes places with it. */
export function showBeside(own: RunPlace, beside: RunPlace): void {
  wishes.value = [...wishes.value, { ...own, beside }];
}

/** Lets all layers of a run meet those of others by themselves again. */
export function pairAutomatically(run: string): void {
  wishes.value = wishes.value.filter((wish) => wish.run !== run);
}

/** Whether some layer of a run is where a person wanted it. */
export function isPairedByHand(run: string): boolean {
  const own = pairing.value.get(run);
  const before = automatic.value.get(run);
  return [...(own ?? [])].some(([place, meeting]) => before?.get(place) !== meeting);
}

/** Whether some runs have layers of other names, so that it has to be said which one of each is shown. */
export function haveOtherNames(runs: readonly Run[]): boolean {
  const names = runs.map(({ series }) => JSON.stringify(placesOf(series).map(placeKey).sort()));
  return new Set(names).size > 1;
}
