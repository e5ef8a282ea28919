/** What a person has chosen to look at, and what follows from it. */

import { computed, signal } from "@preact/signals";
import { sort } from "d3-array";
import type { Kind, Run, Series } from "../api/catalog";
import { catalog } from "./catalog";
import { absentOf, weightsOf } from "./frozen";
import { NO_KIND } from "./kinds";
import { haveOtherNames, isPairedByHand, meetingOf } from "./meetings";
import { areNoticesOpen } from "./notices";
import { type OpenablePlace, openablePlaces } from "./openable";
import { runColor } from "./palette";
import { matching, patternOf } from "./patterns";
import type { Place, RunPlace } from "./places";
import { inOrder, moved, runOrder, shortestOrder } from "./run_order";
import { ofSeries, picturesStatisticsOf } from "./statistics";
import { nearest, union } from "./steps";
import { startOf, worthSeeing } from "./worth";

/** A run with its colour. */
export interface ColoredRun extends Run {
  color: string;
}

/** What the runs are filtered by. */
export const filter = signal("");
/** What the list of layers is filtered by. */
export const layerFilter = signal("");
/** The runs that a person has shown or hidden by hand. */
export const chosenRuns = signal<ReadonlyMap<string, boolean>>(new Map());
export const chosenKind = signal<string | null>(null);
/** A place of one run; open is whatever meets it. */
export const chosenPlace = signal<RunPlace | null>(null);
/** The chosen step; null follows the last one. */
export const chosenStep = signal<number | null>(null);

// More of them at once can't be compared by eye, and would all have to be loaded.
const SHOWN_AT_FIRST = 6;

const runNames = computed(() => (catalog.value?.runs ?? []).map(({ run }) => run));

/** All runs. Those that began earlier have the earlier colours, so that a new one changes no other's. */
export const runs = computed<ColoredRun[]>(() => {
  const all = new Map((catalog.value?.runs ?? []).map((one) => [one.run, one]));
  const numbers = new Map(sort(all.values(), startOf).map(({ run }, number) => [run, number]));
  return inOrder(runNames.value, runOrder.value).map((name) => ({
    ...(all.get(name) as Run),
    color: runColor(numbers.get(name) ?? 0),
  }));
});

/** The filter as a regular expression, or why it is none. */
export const runPattern = computed(() => patternOf(filter.value));

/** The layers' filter as a regular expression, or why it is none. */
export const layerPattern = computed(() => patternOf(layerFilter.value));

/** The runs that the filter lets through. */
export const listedRuns = computed(() =>
  matching(runs.value, runPattern.value, ({ run }) => [run]),
);

/** The runs that are shown: the few of those listed that are most worth it, unless they were chosen by hand. */
export const shownRuns = computed(() => {
  const worth = worthSeeing(listedRuns.value, SHOWN_AT_FIRST, catalog.value?.rules ?? []);
  return listedRuns.value.filter(({ run }) => chosenRuns.value.get(run) ?? worth.has(run));
});

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

/** The steps at hand of the open place: of all shown runs together, those without heatmaps too. */
export const steps = computed(() => union(shownRuns.value.flatMap(stepsOf)));

function stepsOf(run: ColoredRun): ArrayLike<number>[] {
  const series = openSeries(run);
  if (series.length === 0) {
    return [];
  }
  const loaded = picturesStatisticsOf(run, series);
  return series.flatMap((one) => {
    const own = ofSeries(loaded, one);
    return [one.heatmaps.steps, ...(own.state === "ready" ? [own.value.allSteps] : [])];
  });
}

/** The step that is shown: the logged one that is nearest to the chosen one. */
export const step = computed<number | null>(() => {
  const all = steps.value;
  return chosenStep.value === null ? (all.at(-1) ?? null) : nearest(all, chosenStep.value);
});

/** The step that a run is held at, whatever the others show. */
export const heldSteps = signal<ReadonlyMap<string, number>>(new Map());

/** The step that is shown of a run: the one that it is held at, or else that of all. */
export function stepIn(run: string): number | null {
  return heldSteps.value.get(run) ?? step.value;
}

/** Whether a run is held at a step of its own. */
export function isHeld(run: string): boolean {
  return heldSteps.value.has(run);
}

/** Holds a run at a step while others go on; null lets it follow them again. */
export function holdStep(run: string, at: number | null): void {
  const held = new Map(heldSteps.value);
  if (at === null) {
    held.delete(run);
  } else {
    held.set(run, at);
  }
  heldSteps.value = held;
}

/** Shows another kind. */
export function chooseKind(name: string): void {
  chosenKind.value = name;
}

/** Opens a place of a run, and whatever meets it. */
export function choosePlace(run: string, { layer, direction, index }: Place): void {
  chosenPlace.value = { run, place: { layer, direction, index } };
}

/** The matrix that was opened last, so that what is shown of one matrix at a time is of that one. */
export const openMatrix = signal("recurrent_kernel");

/** Counts how often a block was opened, so that it can be brought into view. */
export const openedBlocks = signal(0);

/** Opens a matrix of a place of a run. */
export function chooseBlock(run: string, place: Place, matrix: string): void {
  choosePlace(run, place);
  openMatrix.value = matrix;
  openedBlocks.value += 1;
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

/** Shows runs, or hides them. */
export function showRuns(all: readonly string[], isShown: boolean): void {
  chosenRuns.value = new Map([...chosenRuns.value, ...all.map((run) => [run, isShown] as const)]);
}

/** Shows one of the listed runs, and no other. */
export function showOnly(run: string): void {
  showRuns(
    listedRuns.value.map((one) => one.run),
    false,
  );
  showRuns([run], true);
}

/** Shows the runs again that are shown where nobody chose. */
export function showAutomatically(): void {
  chosenRuns.value = new Map();
}

/** Puts a run in the place of another one, which makes room for it. */
export function moveRun(run: string, other: string): void {
  const order = moved(inOrder(runNames.value, runOrder.value), run, other);
  runOrder.value = shortestOrder(runNames.value, order);
}
