/** Series of a catalog, for tests. */

import type { Kind, Notice, Rule, Run, Series } from "../src/api/catalog";

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
    columns: 7,
    is_trained: true,
    added: {},
    last_step: 0,
    heatmaps: { steps: [], wall_times: [], pool: [1, 1] },
    nonfinite: [],
    planes: [],
    is_reversed: false,
    tokens: [],
    of: "",
    note: "",
    findings: [],
    ...facts,
  };
}

export function runOf(...series: Series[]): Run {
  return { run: "run", series, notices: [], unreadable: [] };
}

export function noticeOf(facts: Partial<Notice> = {}): Notice {
  return { text: "Something is missing", kind: "gradients", layers: [], step: 0, ...facts };
}

const KIND: Kind = {
  name: "weights",
  rows: "input",
  columns: "unit",
  has_gates: true,
  spans_decades: false,
  views: ["heatmaps", "histograms", "timelines"],
  help: "",
};

export const WEIGHTS = KIND;
export const GRADIENTS: Kind = { ...KIND, name: "gradients", spans_decades: true };
export const OUTPUTS: Kind = {
  ...KIND,
  name: "outputs",
  rows: "unit",
  columns: "time",
  has_gates: false,
};
export const FLOWING: Kind = { ...OUTPUTS, name: "output_gradients", views: ["flow", "heatmaps"] };
export const REACH: Kind = { ...OUTPUTS, name: "reach", rows: "loss time", views: ["heatmaps"] };
export const CORRELATIONS: Kind = { ...OUTPUTS, name: "correlations", columns: "unit" };

export const RULES: [Rule, Rule] = [
  {
    name: "exploding_gradient",
    text: "The norm is above 1000.",
    sentence: "The norm is above {threshold}.",
    kinds: ["gradients"],
    threshold: 1000,
    largest: null,
    is_percent: false,
  },
  {
    name: "saturated",
    text: "More than 90% are low.",
    sentence: "More than {threshold} are low.",
    kinds: ["gate_activations"],
    threshold: 0.9,
    largest: 1,
    is_percent: true,
  },
];
