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

/** One kind of numbers: a row of the server's table of kinds. */
export interface Kind {
  name: string;
  /** What a row of its matrices is. */
  rows: "input" | "unit" | "loss time";
  /** What a column of one gate is. */
  columns: "unit" | "time";
  has_gates: boolean;
  /** Whether its numbers lie orders of magnitude apart as a rule. */
  spans_decades: boolean;
  /** The views that suit it, in the order in which they are shown. */
  views: string[];
  /** What it tells, in one sentence. */
  help: string;
}

/** What a finding is found by. */
export interface Rule {
  name: string;
  text: string;
  /** The text with `{threshold}` in the place of its threshold. */
  sentence: string;
  /** The kinds of series that it looks at. */
  kinds: string[];
  threshold: number;
  /** The largest that a threshold can be; null for any. The least is 0. */
  largest: number | null;
  /** Whether the threshold is a share that people read as percent. */
  is_percent: boolean;
}

/** A time during which a rule found something in a gate. */
export interface Finding {
  rule: string;
  gate: string;
  value: number;
  first_step: number;
  /** The last step at which it was found; null while it still is. */
  last_step: number | null;
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
  /** Columns of one gate. */
  columns: number;
  /** False where the variable was frozen when the series began. */
  is_trained: boolean;
  /** What the cell itself adds to a gate of this bias at run time. */
  added: Record<string, number>;
  last_step: number;
  heatmaps: { steps: number[]; wall_times: number[]; pool: [number, number] };
  nonfinite: Nonfinite[];
  /** The names of the matrices that one heatmap holds above each other; empty where it holds one. */
  planes: string[];
  /** Whether this cell goes through time from the end; its numbers are in the natural order of time all the same. */
  is_reversed: boolean;
  /** What the probe reads at each time step: a list of texts for each plane that is one sample's, or none at all. */
  tokens: string[][];
  /** Of what gradients and reach are: `"loss"` or `"outputs"`; empty elsewhere. */
  of: string;
  /** What should be known of the matrix, in a few words: `gradient of weight_hh_l0_raw`; mostly empty. */
  note: string;
  findings: Finding[];
}

/** What a person should know of a run beside its numbers: what is missing, and why. */
export interface Notice {
  /** One sentence, without its full stop. */
  text: string;
  /** The kind that it is about; empty for all kinds. */
  kind: string;
  /** The layers that it is about; empty for the whole run. */
  layers: string[];
  /** When it was reported; null if that was before the first step. */
  step: number | null;
}

/** A run, and those of its series that we can't read. */
export interface Run {
  run: string;
  series: Series[];
  notices: Notice[];
  unreadable: { tag: string; reason: string }[];
}

/** All runs that have something to show. */
export interface Catalog {
  /** Another one as soon as anything in the catalog is. */
  version: string;
  runs: Run[];
  /** The kinds that some run has, in the order in which they are offered. */
  kinds: Kind[];
  rules: Rule[];
}

/** A catalog of which only those runs are sent that have changed since a version of it. */
export interface ChangedCatalog extends Catalog {
  /** All runs, in order. */
  run_names: string[];
}

/**
 * Asks what there is to see.
 *
 * @param known - What was answered before, if anything was: only what has changed since is sent.
 * @returns The catalog; `known` itself where nothing has changed.
 */
export async function fetchCatalog(known: Catalog | null): Promise<Catalog> {
  const url = routeUrl("catalog", known ? { since: known.version } : {});
  return withChanges(known, (await (await answer(url)).json()) as ChangedCatalog);
}

/** A catalog with what has changed in it; runs that haven't stay the same objects. */
export function withChanges(known: Catalog | null, changed: ChangedCatalog): Catalog {
  const { run_names, ...catalog } = changed;
  if (known?.version === catalog.version) {
    return known;
  }
  const runs = new Map([...(known?.runs ?? []), ...catalog.runs].map((run) => [run.run, run]));
  return { ...catalog, runs: run_names.flatMap((name) => runs.get(name) ?? []) };
}
