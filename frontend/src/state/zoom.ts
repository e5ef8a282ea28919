/** Which part of the matrices is looked at: the same in all of them, so that they stay comparable. */

import { computed, signal } from "@preact/signals";

/**
 * A part of a matrix. `scale` 1 is all of it; `x` and `y` are where the part begins, as shares of the
 * matrix' width and height, from 0.
 */
export interface Zoom {
  scale: number;
  x: number;
  y: number;
}

/** A place in what is seen, as shares of its width and height, from 0. */
export interface SeenPlace {
  x: number;
  y: number;
}

export const WHOLE: Zoom = { scale: 1, x: 0, y: 0 };
export const MAX_SCALE = 64;

export const zoom = signal<Zoom>(WHOLE);

/** Whether only a part is looked at. */
export const isZoomed = computed(() => zoom.value.scale > 1);

/** A part that is so many times smaller, or larger, in which what was at a place stays there. */
export function zoomedAt({ scale, x, y }: Zoom, factor: number, at: SeenPlace): Zoom {
  const wanted = Math.min(MAX_SCALE, Math.max(1, scale * factor));
  return inside({
    scale: wanted,
    x: x + at.x / scale - at.x / wanted,
    y: y + at.y / scale - at.y / wanted,
  });
}

/** A part of the same size that begins so much further right and down, as shares of what is seen. */
export function movedBy({ scale, x, y }: Zoom, by: SeenPlace): Zoom {
  return inside({ scale, x: x + by.x / scale, y: y + by.y / scale });
}

/** The smallest part that has all of a box between two places in its middle. */
export function zoomedToBox({ scale, x, y }: Zoom, one: SeenPlace, other: SeenPlace): Zoom {
  const size = Math.max(Math.abs(one.x - other.x), Math.abs(one.y - other.y));
  const wanted = Math.min(MAX_SCALE, Math.max(1, scale / Math.max(size, 1e-6)));
  return inside({
    scale: wanted,
    x: x + (one.x + other.x) / 2 / scale - 0.5 / wanted,
    y: y + (one.y + other.y) / 2 / scale - 0.5 / wanted,
  });
}

/** The part, moved as little as need be, in which a place of the matrix is seen; given as shares of the matrix. */
export function showing({ scale, x, y }: Zoom, place: SeenPlace): Zoom {
  const moved = (from: number, at: number) => Math.min(at, Math.max(from, at - 1 / scale));
  return inside({ scale, x: moved(x, place.x), y: moved(y, place.y) });
}

/** A part that doesn't reach past the matrix. */
function inside({ scale, x, y }: Zoom): Zoom {
  const last = 1 - 1 / scale;
  const within = (from: number) => Math.max(0, Math.min(last, from));
  return { scale, x: within(x), y: within(y) };
}
