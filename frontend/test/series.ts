/** Series of a catalog, for tests. */

import type { Run, Series } from "../src/api/catalog";

export function seriesOf(facts: Partial<Series> = {}): Series {
  const { kind = "weights", layer = "lstm", matrix = "kernel", rows = 5 } = facts;
  return {
    tag: `${kind}/${layer}/${matrix}`,
    kind,
    layer,
    direction: null,
    index: 0,
    cell: "LSTM",
    matrix,
    gates: ["input", "forget", "cell", "output"],
    rows,
    row_shape: [rows],
    units: 7,
    is_trained: true,
    added: {},
    last_step: 0,
    heatmaps: { steps: [], wall_times: [], pool: [1, 1] },
    nonfinite: [],
    ...facts,
  };
}

export function runOf(...series: Series[]): Run {
  return { run: "run", series, unreadable: [] };
}
