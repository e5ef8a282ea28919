/** Which part of the matrices is looked at: the same in all of them, so that they stay comparable. */

import { signal } from "@preact/signals";

/**
 * A part of a matrix. `scale` 1 is all of it; `x` and `y` are where the part begins, as shares of the
 * matrix' width and height, from 0.
 */
export interface Zoom {
  scale: number;
  x: number;
  y: number;
}

export const WHOLE: Zoom = { scale: 1, x: 0, y: 0 };

export const zoom = signal<Zoom>(WHOLE);
