/** Which of the matrices of a heatmap is looked at: the mean over the batch, or one sample. */

import { computed, signal } from "@preact/signals";
import type { Series } from "../api/catalog";
import { shownOnScreen } from "./shown";

const chosenPlane = signal<string | null>(null);

/** The names of all planes on screen, in their order. */
export const planes = computed(() => [
  ...new Set(
    shownOnScreen.value.flatMap(({ shown }) => shown.flatMap(({ series }) => series.planes)),
  ),
]);

/** The plane that is shown; empty where there are none. */
export const plane = computed(() =>
  chosenPlane.value !== null && planes.value.includes(chosenPlane.value)
    ? chosenPlane.value
    : (planes.value[0] ?? ""),
);

/** Shows another plane. */
export function choosePlane(name: string): void {
  chosenPlane.value = name;
}

/** The number of the shown plane in a series; the first one's where it has no such. */
export function planeOf({ planes: own }: Pick<Series, "planes">): number {
  return Math.max(0, own.indexOf(plane.value));
}

/** The plane of each sample in a series, and what the probe reads in it. The first plane is the whole batch's. */
export function samplesOf({ planes: own, tokens }: Pick<Series, "planes" | "tokens">) {
  return own
    .slice(1)
    .map((name, sample) => ({ name, plane: sample + 1, tokens: tokens[sample] ?? [] }));
}

/** What the probe reads at each time step of the shown plane; nothing where that isn't told. */
export function tokensOf(series: Pick<Series, "planes" | "tokens">): string[] {
  const shown = planeOf(series);
  return samplesOf(series).find(({ plane: own }) => own === shown)?.tokens ?? [];
}
