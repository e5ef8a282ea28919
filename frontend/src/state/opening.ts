/** What the tab opens on where the address doesn't say: what is wrong most. */

import { sort } from "d3-array";
import type { Series } from "../api/catalog";
import { findings, gravityOf, nonfinite } from "./findings";
import { NONFINITE_GRAVITY } from "./gravity";
import { chosenPin } from "./pinned_unit";
import {
  chooseKind,
  choosePlace,
  chosenKind,
  chosenPlace,
  chosenStep,
  openMatrix,
} from "./selection";

/** Something that is wrong, and since when. */
interface Wrong {
  run: { run: string };
  series: Series;
  gravity: number;
  since: number;
}

/** All that the address can say of what to look at. */
const CHOICES = [chosenKind, chosenPlace, chosenStep, chosenPin];

/** Opens the first NaN or infinity of the shown runs, or else the worst that a rule still finds. */
export function openWorst(): void {
  const [worst] = sort(wrong(), (a, b) => a.gravity - b.gravity || a.since - b.since);
  if (worst && CHOICES.every(({ value }) => value === null)) {
    // Without bringing it into view: the whole model at one glance comes first.
    chooseKind(worst.series.kind);
    choosePlace(worst.run.run, worst.series);
    openMatrix.value = worst.series.matrix;
  }
}

function wrong(): Wrong[] {
  const still = findings.value.filter(({ finding }) => finding.last_step === null);
  return [
    ...nonfinite.value.map(({ nonfinite: { step }, ...placed }) => ({
      ...placed,
      gravity: NONFINITE_GRAVITY,
      since: step,
    })),
    ...still.map((placed) => ({
      ...placed,
      gravity: gravityOf(placed),
      since: placed.finding.first_step,
    })),
  ];
}
