import fc from "fast-check";
import { expect, test } from "vitest";
import type { Run, Series } from "../src/api/catalog";
import { type Pairing, pairByHand, pairPlaces } from "../src/state/pairing";
import { type Place, placeKey, placesOf } from "../src/state/places";
import { runOf, seriesOf } from "./series";

const GATES = {
  LSTM: ["input", "forget", "cell", "output"],
  GRU: ["update", "reset", "candidate"],
  SimpleRNN: ["hidden"],
};

type Cell = keyof typeof GATES;

interface Facts {
  cell?: Cell;
  units?: number;
  inputs?: number;
  directions?: readonly (string | null)[];
  index?: number;
  biases?: readonly string[];
}

/** The weights of one layer, or of one cell of a stack. */
function layerOf(layer: string, facts: Facts = {}): Series[] {
  const { cell = "LSTM", units = 8, inputs = 4, directions = [null], index = 0 } = facts;
  const { biases = ["bias"] } = facts;
  const rows = { kernel: inputs, recurrent_kernel: units };
  const sizes = [...Object.entries(rows), ...biases.map((bias) => [bias, 1] as const)];
  return directions.flatMap((direction) =>
    sizes.map(([matrix, count]) =>
      seriesOf({
        layer,
        direction,
        index,
        cell,
        matrix,
        gates: GATES[cell],
        rows: count,
        columns: units,
      }),
    ),
  );
}

function named(run: string, ...layers: readonly Series[][]): Run {
  return { ...runOf(...layers.flat()), run };
}

/** The names of all places that meet, as `layer direction index`, a list a meeting. */
function met(...runs: readonly Run[]): string[][] {
  return listed(pairPlaces(runs), runs);
}

function listed(pairing: Pairing, runs: readonly Run[]): string[][] {
  const meetings = new Map<string, string[]>();
  for (const { run, series } of runs) {
    for (const place of placesOf(series)) {
      const meeting = pairing.get(run)?.get(placeKey(place)) ?? "none";
      meetings.set(meeting, [...(meetings.get(meeting) ?? []), nameOf(place)]);
    }
  }
  return [...meetings.values()];
}

function nameOf({ layer, direction, index }: Place): string {
  return [layer, direction, index || null].filter(Boolean).join(" ");
}

const GRU = { cell: "GRU" } as const;

test("two models of one notebook meet by place", () => {
  const first = named("a", layerOf("lstm"), layerOf("gru", GRU));
  const second = named("b", layerOf("lstm_1"), layerOf("gru_1", GRU));
  expect(met(first, second)).toEqual([
    ["lstm", "lstm_1"],
    ["gru", "gru_1"],
  ]);
});

test("a notebook's counter doesn't mislead: the place counts, not a name that both have", () => {
  const first = named("a", layerOf("lstm"), layerOf("lstm_1"));
  const second = named("b", layerOf("lstm_1"), layerOf("lstm_2"));
  expect(met(first, second)).toEqual([
    ["lstm", "lstm_1"],
    ["lstm_1", "lstm_2"],
  ]);
});

test("a stack of two directions in PyTorch meets two layers of Keras, whose GRU may have a bias fewer", () => {
  const both = ["forward", "backward"];
  const two = ["bias", "recurrent_bias"];
  const lower = { ...GRU, directions: both };
  const upper = { ...lower, inputs: 16 };
  const keras = named("keras", layerOf("bidirectional", lower), layerOf("bidirectional_1", upper));
  const torch = named(
    "torch",
    layerOf("rnn", { ...lower, biases: two, directions: ["forward"] }),
    layerOf("rnn", { ...upper, biases: two, directions: ["forward"], index: 1 }),
    layerOf("rnn", { ...lower, biases: two, directions: ["backward"] }),
    layerOf("rnn", { ...upper, biases: two, directions: ["backward"], index: 1 }),
  );
  expect(met(keras, torch)).toEqual([
    ["bidirectional forward", "rnn forward"],
    ["bidirectional backward", "rnn backward"],
    ["bidirectional_1 forward", "rnn forward 1"],
    ["bidirectional_1 backward", "rnn backward 1"],
  ]);
});

test.each<[string, Facts]>([
  ["more units", { units: 16 }],
  ["more inputs", { inputs: 5 }],
  ["another cell", GRU],
  ["two directions", { directions: ["forward", "backward"] }],
])("what has %s is not the same layer, but for its name", (_, facts) => {
  const first = named("a", layerOf("lstm"));
  expect(pairCount(met(first, named("b", layerOf("other", facts))))).toBe(0);
  const namesake = met(first, named("b", layerOf("lstm", facts)));
  expect(pairCount(namesake)).toBe(facts.directions ? 0 : 1);
});

function pairCount(meetings: readonly string[][]): number {
  return meetings.filter((names) => names.length > 1).length;
}

test("a kernel of a convolution has to agree on each axis", () => {
  const kernel = seriesOf({ layer: "a", rows: 12, row_shape: [2, 2, 3] });
  const other = { ...kernel, layer: "b" };
  expect(met(named("a", [kernel]), named("b", [other]))).toEqual([["a", "b"]]);
  const long = { ...other, row_shape: [4, 1, 3] };
  expect(met(named("a", [kernel]), named("b", [long]))).toEqual([["a"], ["b"]]);
});

test("runs of one script meet by name, whatever their sizes and the order of their layers", () => {
  const first = named("a", layerOf("encoder"), layerOf("decoder"));
  for (const units of [8, 32]) {
    const second = named("b", layerOf("decoder"), layerOf("encoder", { units }));
    expect(met(first, second)).toEqual([
      ["encoder", "encoder"],
      ["decoder", "decoder"],
    ]);
  }
});

test("where models are not alike, names come first, and then what is left between them", () => {
  const first = named("a", layerOf("embed"), layerOf("encoder"), layerOf("decoder"));
  const second = named("b", layerOf("encoder"), layerOf("writer"));
  expect(met(first, second)).toEqual([["embed"], ["encoder", "encoder"], ["decoder", "writer"]]);
  const third = named("c", layerOf("reader"), layerOf("encoder"));
  expect(met(first, third)).toEqual([["embed", "reader"], ["encoder", "encoder"], ["decoder"]]);
});

test("a layer that only a later run has meets those of the runs after it", () => {
  const runs = [
    named("a", layerOf("encoder")),
    named("b", layerOf("encoder"), layerOf("decoder")),
    named("c", layerOf("decoder"), layerOf("extra", GRU)),
  ];
  expect(met(...runs)).toEqual([["encoder", "encoder"], ["decoder", "decoder"], ["extra"]]);
});

test("what was logged without weights meets its namesakes alone", () => {
  const outputs = [seriesOf({ kind: "outputs", layer: "lstm_1", matrix: "outputs" })];
  expect(met(named("a", layerOf("lstm")), named("b", outputs))).toEqual([["lstm"], ["lstm_1"]]);
  const renamed = outputs.map((one) => ({ ...one, layer: "lstm" }));
  expect(met(named("a", layerOf("lstm")), named("b", renamed))).toEqual([["lstm", "lstm"]]);
});

test("signals have the places of their weights, in whatever order they come", () => {
  const signal = seriesOf({ kind: "outputs", layer: "gru_1", matrix: "outputs", cell: "GRU" });
  const first = named("a", layerOf("lstm"), layerOf("gru", GRU));
  const second = named("b", [signal], layerOf("lstm_1"), layerOf("gru_1", GRU));
  expect(met(first, second)).toEqual([
    ["lstm", "lstm_1"],
    ["gru", "gru_1"],
  ]);
});

const model = fc.array(
  fc.record({
    name: fc.constantFrom("a", "b", "c", "d", "e", "f"),
    cell: fc.constantFrom<Cell>("LSTM", "GRU", "SimpleRNN"),
    units: fc.constantFrom(2, 3),
    directions: fc.constantFrom<(string | null)[]>([null], ["forward", "backward"]),
  }),
  { minLength: 1, maxLength: 6 },
);
const models = fc.array(
  model.map((layers) => [...new Map(layers.map((layer) => [layer.name, layer])).values()]),
  { minLength: 1, maxLength: 4 },
);

function runsOf(all: readonly { name: string }[][], rename = (name: string) => name): Run[] {
  return all.map((layers, number) =>
    named(`run ${number}`, ...layers.map(({ name, ...facts }) => layerOf(rename(name), facts))),
  );
}

test("of one run no two places meet, and none is lost", () => {
  fc.assert(
    fc.property(models, (all) => {
      const runs = runsOf(all);
      const pairing = pairPlaces(runs);
      for (const { run, series } of runs) {
        const meetings = placesOf(series).map((place) => pairing.get(run)?.get(placeKey(place)));
        expect(new Set(meetings).size).toBe(meetings.length);
        expect(meetings).not.toContain(undefined);
      }
    }),
  );
});

test("a model meets itself in full, under whatever names", () => {
  fc.assert(
    fc.property(model, (layers) => {
      const [own] = runsOf([layers]) as [Run];
      const [other] = runsOf([layers], (name) => `${name}_1`) as [Run];
      const pairing = pairPlaces([own, { ...other, run: "other" }]);
      expect([...(pairing.get("other")?.values() ?? [])]).toEqual([
        ...(pairing.get(own.run)?.values() ?? []),
      ]);
    }),
  );
});

test("runs with the same names meet by these, as they do without any other run", () => {
  fc.assert(
    fc.property(models, fc.nat(), (all, number) => {
      const runs = runsOf(all);
      const again = { ...(runs[number % runs.length] as Run), run: "again" };
      const pairing = pairPlaces([...runs, again]);
      const own = pairing.get(`run ${number % runs.length}`);
      expect([...(pairing.get("again") ?? [])]).toEqual([...(own ?? [])]);
    }),
  );
});

const place = (layer: string): Place => ({ layer, direction: null, index: 0 });

test("by hand two layers of a run change places", () => {
  const runs = [
    named("a", layerOf("lstm"), layerOf("gru", GRU)),
    named("b", layerOf("lstm_1"), layerOf("gru_1", GRU)),
  ];
  const wish = { run: "b", place: place("gru_1"), beside: { run: "a", place: place("lstm") } };
  expect(listed(pairByHand(pairPlaces(runs), [wish]), runs)).toEqual([
    ["lstm", "gru_1"],
    ["gru", "lstm_1"],
  ]);
  const undone = { ...wish, place: place("lstm_1") };
  expect(listed(pairByHand(pairPlaces(runs), [wish, undone]), runs)).toEqual(met(...runs));
});

test("by hand a layer joins one that it is not like", () => {
  const runs = [named("a", layerOf("lstm")), named("b", layerOf("big", { units: 32 }))];
  const wish = { run: "b", place: place("big"), beside: { run: "a", place: place("lstm") } };
  expect(listed(pairByHand(pairPlaces(runs), [wish]), runs)).toEqual([["lstm", "big"]]);
});

test("a wish for a layer or a run that is gone changes nothing", () => {
  const runs = [named("a", layerOf("lstm")), named("b", layerOf("lstm_1"))];
  const beside = { run: "a", place: place("lstm") };
  const wishes = [
    { run: "b", place: place("gone"), beside },
    { run: "gone", place: place("lstm_1"), beside },
    { run: "b", place: place("lstm_1"), beside: { run: "gone", place: place("lstm") } },
  ];
  expect(listed(pairByHand(pairPlaces(runs), wishes), runs)).toEqual(met(...runs));
});
