/** The page's painter, made when it is first needed. */

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import {
  colorTable,
  cssGradient,
  inksOf,
  type SpecialColors,
  specialColors,
} from "../../paint/color_maps";
import { type Inks, Painter } from "../../paint/painter";
import { colorMap } from "../../state/color_settings";
import { isSequential } from "../../state/pictures";
import { darkTheme } from "../parts/theme";

/** How numbers are painted. */
export interface Look {
  isSequential: boolean;
  /** The colours of the chosen map. */
  colors: Uint8Array;
  /** The same from left to right, as a CSS gradient. */
  gradient: string;
  /** The colours of what those are not for. */
  special: SpecialColors;
  inks: Inks;
}

/** Made once, not with each picture. */
const diverging = computed(() => madeLook(false));
const sequential = computed(() => madeLook(true));

function madeLook(isSequentialLook: boolean): Look {
  const special = specialColors(colorMap.value, darkTheme.value, isSequentialLook);
  return {
    isSequential: isSequentialLook,
    colors: colorTable(colorMap.value, darkTheme.value, isSequentialLook),
    gradient: cssGradient(colorMap.value, darkTheme.value, isSequentialLook),
    special,
    inks: inksOf(special),
  };
}

/** How values are painted, or differences; read as a signal. */
export function lookOf(isDifference: boolean): Look {
  const look: ReadonlySignal<Look> = isSequential(isDifference) ? sequential : diverging;
  return look.value;
}

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
