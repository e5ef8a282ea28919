/** From a profile over its steps to the curves of a panel. */

import type { Profile } from "../../decode/profiles";
import { nearestIndex } from "../../state/steps";
import type { Curve } from "./curve";

/** How many curves can still be told apart. */
const MOST_CURVES = 40;

/**
 * The curves of some steps of one gate: at most so many, the first and the last one among them.
 *
 * @param wanted - The steps to choose among; each stands for the nearest one that the profile has.
 */
export function curvesOf(
  profile: Profile,
  gate: number,
  wanted: readonly number[],
  { run, color }: Pick<Curve, "run" | "color">,
): Curve[] {
  const indices = [...new Set(wanted.map((step) => nearestIndex(profile.steps, step)))];
  const kept = thinned(
    indices.filter((index) => index >= 0),
    MOST_CURVES,
  );
  return kept.map((index, place) => ({
    run,
    color,
    step: profile.steps[index] ?? 0,
    values: profile.curve(index, gate),
    age: kept.length > 1 ? place / (kept.length - 1) : 1,
  }));
}

/** The curve that is nearest to a step; null if there is none. */
export function curveAt(
  profile: Profile,
  gate: number,
  step: number,
  { run, color }: Pick<Curve, "run" | "color">,
): Curve | null {
  const index = nearestIndex(profile.steps, step);
  return index < 0
    ? null
    : { run, color, step: profile.steps[index] ?? 0, values: profile.curve(index, gate), age: 1 };
}

/** At most so many of a list, at equal distances, its ends among them. */
export function thinned<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) {
    return [...all];
  }
  const places = Array.from({ length: most }, (_, place) =>
    Math.round((place * (all.length - 1)) / (most - 1)),
  );
  return places.map((place) => all[place] as T);
}
