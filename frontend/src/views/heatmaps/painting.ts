/** The page's painter, made when it is first needed. */

import { computed, signal } from "@preact/signals";
import { colorTable, inksOf, specialColors } from "../../paint/color_maps";
import { Painter } from "../../paint/painter";
import { colorMap } from "../../state/color_settings";
import { isSequential } from "../../state/pictures";
import { darkTheme } from "../parts/theme";

/** The colours of the chosen map: made once, not with each picture. */
export const colors = computed(() =>
  colorTable(colorMap.value, darkTheme.value, isSequential.value),
);

/** The colours of what those are not for. */
export const special = computed(() =>
  specialColors(colorMap.value, darkTheme.value, isSequential.value),
);

export const inks = computed(() => inksOf(special.value));

/** Counts how often the browser has given the painter its context back. */
export const paintedAnew = signal(0);

/** Why heatmaps can't be painted; null if they can. */
export const paintError = signal<string | null>(null);

let painter: Painter | null = null;

/** The painter, or null where the browser can't have one. */
export function sharedPainter(): Painter | null {
  if (!painter && paintError.peek() === null) {
    try {
      painter = new Painter(() => {
        paintedAnew.value += 1;
      });
    } catch (error) {
      paintError.value = error instanceof Error ? error.message : String(error);
    }
  }
  return painter;
}
