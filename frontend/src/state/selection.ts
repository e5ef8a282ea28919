/** What a person has chosen to look at, and what follows from it. */

import { computed, signal } from "@preact/signals";
import type { Kind, Run, Series } from "../api/catalog";
import { catalog } from "./catalog";
import { absentOf, weightsOf } from "./frozen";
import { NO_KIND } from "./kinds";
import { haveOtherNames, isPairedByHand, meetingOf } from "./meetings";
import { areNoticesOpen } from "./notices";
import { type OpenablePlace, openablePlaces } from "./openable";
import { runColor } from "./palette";
import type { Place, RunPlace } from "./places";
import { nearest, union } from "./steps";

/** A run with its colour. */
export interface ColoredRun extends Run {
  color: string;
}

export const filter = signal("");
/** The runs that a person has shown or hidden by hand. */
const chosenRuns = signal<ReadonlyMap<string, boolean>>(new Map());
const chosenKind = signal<string | null>(null);
/** A place of one run; open is whatever meets it. */
const chosenPlace = signal<RunPlace | null>(null);
/** The chosen step; null follows the last one. */
const chosenStep = signal<number | null>(null);

// More of them at once can't be compared by eye, and would all have to be loaded.
const SHOWN_AT_FIRST = 6;

/** All runs. A run keeps its colour whatever the others do. */
export const runs = computed<ColoredRun[]>(() =>
  (catalog.value?.runs ?? []).map((run, number) => ({ ...run, color: runColor(number) })),
);

/** The filter as a regular expression, or why it is none. */
export const runPattern = computed<RegExp | Error>(() => {
  try {
    return new RegExp(filter.value);
  } catch (error) {
    return error as Error;
  }
});

/** The runs that the filter lets through; all of them while it is no regular expression. */
export const listedRuns = computed(() => {
  const pattern = runPattern.value;
  return pattern instanceof Error ? runs.value : runs.value.filter(({ run }) => pattern.test(run));
});

/** The runs that are shown: the first few that the filter lets through, unless they were chosen by hand. */
export const shownRuns = computed(() =>
  listedRuns.value.filter(({ run }, place) => chosenRuns.value.get(run) ?? place < SHOWN_AT_FIRST),
);

/** Whether there is anything to show of some run. */
export const hasSeries = computed(() => runs.value.some(({ series }) => series.length > 0));

/** Whether all notices are listed: where there is nothing else to see, they always are. */
export const areNoticesShown = computed(() => areNoticesOpen.value || !hasSeries.value);

/** The kinds that some run has, in the order in which they are offered. */
export const kinds = computed<Kind[]>(() => catalog.value?.kinds ?? []);

/** The kind that is shown. */
export const kind = computed<Kind>(
  () => kinds.value.find(({ name }) => name === chosenKind.value) ?? kinds.value[0] ?? NO_KIND,
);

/** All places that have something of the shown kind, or should have, in the models' order. */
export const places = computed(() => openablePlaces(listedRuns.value, kind.value, meetingOf));

/** The place that is open. */
export const openPlace = computed<OpenablePlace | null>(() => {
  const chosen = chosenPlace.value;
  const meeting = chosen && meetingOf(chosen.run, chosen.place);
  return places.value.find((one) => one.meeting === meeting) ?? places.value[0] ?? null;
});

/** The place of the run by which a place that several runs have is called: the first of them that is shown. */
export function namesakeOf({ members }: OpenablePlace): RunPlace {
  const shown = new Set(shownRuns.value.map(({ run }) => run));
  return members.find(({ run }) => shown.has(run)) ?? (members[0] as RunPlace);
}

/** Where the open place is in the model of one run; null if that has none. */
export function openPlaceIn(run: string): Place | null {
  return openPlace.value?.members.find((member) => member.run === run)?.place ?? null;
}

/** Whether it has to be said of each shown run which of its layers is shown: their names aren't all the same. */
export const sayWhichLayer = computed(
  () =>
    haveOtherNames(shownRuns.value.filter(({ series }) => series.length > 0)) ||
    shownRuns.value.some(({ run }) => isPairedByHand(run)),
);

/** Whether a place of a run is the open one. */
export function isOpen(run: string, place: Place): boolean {
  return openPlace.value?.meeting === meetingOf(run, place);
}

/** The series of the open place in one run, in the order in which they are shown. */
export function openSeries(run: Run): Series[] {
  return run.series.filter((one) => one.kind === kind.value.name && isOpen(run.run, one));
}

/** The weights of the open place that have no series of the shown kind, in one run. */
export function openAbsent(run: Run): Series[] {
  return absentOf(run, kind.value).filter((one) => isOpen(run.run, one));
}

/** The weights of the open place in one run, of whatever kind the shown one is. */
export function openWeights(run: Run): Series[] {
  return weightsOf(run).filter((one) => isOpen(run.run, one));
}

/** The steps at hand of the open place: of all shown runs together. */
export const steps = computed(() =>
  union(shownRuns.value.flatMap((run) => openSeries(run).map((series) => series.heatmaps.steps))),
);

/** The step that is shown: the logged one that is nearest to the chosen one. */
export const step = computed<number | null>(() => {
  const all = steps.value;
  return chosenStep.value === null ? (all.at(-1) ?? null) : nearest(all, chosenStep.value);
});

/** Shows another kind. */
export function chooseKind(name: string): void {
  chosenKind.value = name;
}

/** Opens a place of a run, and whatever meets it. */
export function choosePlace(run: string, { layer, direction, index }: Place): void {
  chosenPlace.value = { run, place: { layer, direction, index } };
}

/** Goes to a step; at the last one, new ones are followed as they come. */
export function chooseStep(wanted: number): void {
  chosenStep.value = wanted === steps.value.at(-1) ? null : wanted;
}

/** Goes so many logged steps on, or back; stops at the ends. */
export function moveStep(by: number): void {
  const all = steps.value;
  const place = all.indexOf(step.value ?? Number.NaN);
  const wanted = all[Math.max(0, Math.min(all.length - 1, place + by))];
  if (wanted !== undefined) {
    chooseStep(wanted);
  }
}

/** Shows a run, or hides it. */
export function showRun(run: string, isShown: boolean): void {
  chosenRuns.value = new Map(chosenRuns.value).set(run, isShown);
}
