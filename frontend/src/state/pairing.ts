/**
 * Which layers of several runs are the same one, so that they are shown together.
 *
 * A level is a layer, or one cell of a stack, with its directions. Levels meet by their place in the model where two
 * models are alike from the first level to the last one, whatever their names: two models of one notebook, or one model
 * in two frameworks. Otherwise levels of the same name meet, and those left over that are alike and in the same order.
 */

import { group, groups, sort, sum } from "d3-array";
import type { Run, Series } from "../api/catalog";
import { isBias } from "./biases";
import { modelOrder, weightsOf } from "./frozen";
import { type Place, placeKey, placesOf, type RunPlace } from "./places";

/** For each run, where each of its places meets those of other runs: places with the same text meet. */
export type Pairing = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** That a person wants a place to be shown beside one of another run. */
export interface ByHand extends RunPlace {
  beside: RunPlace;
}

interface Level {
  name: string;
  places: readonly Place[];
  /** Its directions with their cells and the sizes of their matrices; null where its weights weren't logged. */
  shape: string | null;
}

interface Model {
  levels: readonly Level[];
  /** Names of all levels in an order that is the same for all models. */
  names: string;
  /** The shapes of all levels in the model's order; null where one is not known. */
  shape: string | null;
}

/** A model whose levels have numbers: levels of the same number meet. */
interface NumberedModel extends Model {
  numbers: readonly number[];
}

/** Pairs the places of all runs; each run with those before it. */
export function pairPlaces(runs: readonly Run[]): Pairing {
  const known: NumberedModel[] = [];
  let count = 0;
  return new Map(
    runs.map((run) => {
      const model = modelOf(run);
      const numbers = numbersOf(model, known).map((number) => {
        count += Number(number === null);
        return number ?? count;
      });
      if (!known.some(({ names, shape }) => names === model.names && shape === model.shape)) {
        known.push({ ...model, numbers });
      }
      return [run.run, meetingsOf(model, numbers)];
    }),
  );
}

/** Pairs places as a person wants them; the place that one takes is free for the place that was there. */
export function pairByHand(pairing: Pairing, wishes: readonly ByHand[]): Pairing {
  const changed = new Map([...pairing].map(([run, meetings]) => [run, new Map(meetings)]));
  for (const { run, place, beside } of wishes) {
    const own = changed.get(run);
    const before = own?.get(placeKey(place));
    const wanted = changed.get(beside.run)?.get(placeKey(beside.place));
    if (own && before !== undefined && wanted !== undefined) {
      const there = [...own].find(([, meeting]) => meeting === wanted);
      if (there) {
        own.set(there[0], before);
      }
      own.set(placeKey(place), wanted);
    }
  }
  return changed;
}

function modelOf(run: Run): Model {
  const ordered = sort(run.series, modelOrder(run));
  const weights = group(weightsOf(run), levelName);
  const levels = groups(placesOf(ordered), levelName).map(([name, places]) => ({
    name,
    places,
    shape: shapeOf(weights.get(name) ?? []),
  }));
  const shapes = levels.map(({ shape }) => shape);
  return {
    levels,
    names: JSON.stringify(sort(levels.map(({ name }) => name))),
    shape: shapes.includes(null) ? null : JSON.stringify(shapes),
  };
}

function levelName({ layer, index }: Pick<Place, "layer" | "index">): string {
  return JSON.stringify([layer, index]);
}

/** Biases have no say: one framework has a second one where another has none. */
function shapeOf(weights: readonly Series[]): string | null {
  const parts = weights
    .filter(({ matrix }) => !isBias(matrix))
    .map(({ direction, cell, matrix, gates, row_shape, columns }) =>
      JSON.stringify([direction, cell, matrix, gates, row_shape, columns]),
    );
  return parts.length > 0 ? JSON.stringify(sort(parts)) : null;
}

function meetingsOf({ levels }: Model, numbers: readonly number[]): Map<string, string> {
  return new Map(
    levels.flatMap(({ places }, level) =>
      places.map((place) => [
        placeKey(place),
        // A direction meets its own alone.
        JSON.stringify([numbers[level], place.direction]),
      ]),
    ),
  );
}

/** The numbers that the levels of a model share with models before it; null for a level that meets none. */
function numbersOf(model: Model, known: readonly NumberedModel[]): (number | null)[] {
  const namesake = known.find(({ names }) => names === model.names);
  if (namesake) {
    return numbersBy(namesByLevel(model.levels, namesake.levels), namesake);
  }
  const alike = known.find(({ shape }) => shape !== null && shape === model.shape);
  return alike ? [...alike.numbers] : numbersInPart(model, known);
}

/**
 * Takes numbers by name from all models, and then those that are left over by their order: each time from the model
 * that has the most levels in common first.
 */
function numbersInPart({ levels }: Model, known: readonly NumberedModel[]): (number | null)[] {
  const found = levels.map((): number | null => null);
  for (const match of [namesByLevel, matchesOf]) {
    const all = known.map((other) => ({ other, matches: match(levels, other.levels) }));
    for (const { other, matches } of sort(all, ({ matches }) => -countOf(matches))) {
      numbersBy(matches, other).forEach((number, level) => {
        if (number !== null && found[level] === null && !found.includes(number)) {
          found[level] = number;
        }
      });
    }
  }
  return found;
}

function countOf(matches: readonly number[]): number {
  return sum(matches, (match) => Number(match >= 0));
}

function numbersBy(matches: readonly number[], { numbers }: NumberedModel): (number | null)[] {
  return matches.map((match) => numbers[match] ?? null);
}

/** For each level, the place of the other model's level of the same name; -1 where there is none. */
function namesByLevel(levels: readonly Level[], others: readonly Level[]): number[] {
  return levels.map(({ name }) => others.findIndex((other) => other.name === name));
}

/** For each level, the place of the other model's level that it meets; -1 where there is none. */
function matchesOf(levels: readonly Level[], others: readonly Level[]): number[] {
  const matches = namesByLevel(levels, others);
  let last = -1;
  levels.forEach(({ shape }, level) => {
    if (shape !== null && matches[level] === -1) {
      // Only between its neighbours, so that nothing crosses those that meet by name.
      const next = matches.slice(level + 1).find((match) => match >= 0) ?? others.length;
      matches[level] = others.findIndex(
        (other, place) => last < place && place < next && other.shape === shape,
      );
    }
    last = Math.max(last, matches[level] ?? -1);
  });
  return matches;
}
