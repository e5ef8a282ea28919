/** What there is to see. For the meaning of each name, see `http_api.md`. */

import { answer } from "./answer";
import { routeUrl } from "./urls";

/** The first time that a gate held something that is not a finite number. */
export interface Nonfinite {
  gate: string;
  value: "nan" | "positive_infinity" | "negative_infinity";
  step: number;
  count: number;
}

/** One matrix of one cell, of one kind, in one run. */
export interface Series {
  tag: string;
  kind: string;
  layer: string;
  direction: string | null;
  index: number;
  cell: string;
  matrix: string;
  gates: string[];
  rows: number;
  /** What the rows are numbered by: `[rows]`, or a convolution's kernel sizes and its input channels. */
  row_shape: number[];
  units: number;
  /** False where the variable was frozen when the series began. */
  is_trained: boolean;
  /** What the cell itself adds to a gate of this bias at run time. */
  added: Record<string, number>;
  last_step: number;
  heatmaps: { steps: number[]; wall_times: number[]; pool: [number, number] };
  nonfinite: Nonfinite[];
}

/** A run, and those of its series that we can't read. */
export interface Run {
  run: string;
  series: Series[];
  unreadable: { tag: string; reason: string }[];
}

/** All runs that have something to show. */
export interface Catalog {
  runs: Run[];
}

/** Asks what there is to see. */
export async function fetchCatalog(): Promise<Catalog> {
  return (await (await answer(routeUrl("catalog"))).json()) as Catalog;
}
