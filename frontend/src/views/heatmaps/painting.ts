/** The page's painter, made when it is first needed. */

import { signal } from "@preact/signals";
import { Painter } from "../../paint/painter";

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
