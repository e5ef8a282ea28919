/** Where recurrent cells are in a model. */

/** A recurrent cell's place in a model. */
export interface Place {
  layer: string;
  direction: string | null;
  index: number;
}

/** A place in the model of one run. */
export interface RunPlace {
  run: string;
  place: Place;
}

/** Tells the places of one run apart. */
export function placeKey({ layer, direction, index }: Place): string {
  return JSON.stringify([layer, direction, index]);
}

/** The places of some series, each once, in their order. */
export function placesOf(all: readonly Place[]): Place[] {
  const found = all.map(({ layer, direction, index }) => ({ layer, direction, index }));
  return [...new Map(found.map((place) => [placeKey(place), place])).values()];
}
