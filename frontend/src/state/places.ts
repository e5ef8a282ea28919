/** Where recurrent cells are in a model. */

/** A recurrent cell's place in a model. */
export interface Place {
  layer: string;
  direction: string | null;
  index: number;
}

/** Tells places apart. */
export function placeKey({ layer, direction, index }: Place): string {
  return JSON.stringify([layer, direction, index]);
}
