/** In which order the rows and units of heatmaps stand: found once for each snapshot, while nothing else is to do. */

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Kind, Series } from "../api/catalog";
import type { Cells } from "../decode/cells";
import { leafOrder } from "./leaf_order";

/** By what rows and units are ordered: not at all, the largest norm first, or what is alike side by side. */
export type HeatmapOrder = "stored" | "norm" | "clustered";

export const heatmapOrder = signal<HeatmapOrder>("stored");

/** The stored numbers of rows and of a gate's columns in their order, in pooled cells; null as they are stored. */
export interface Order {
  rows: Uint32Array<ArrayBuffer> | null;
  columns: Uint32Array<ArrayBuffer> | null;
}

export const AS_STORED: Order = { rows: null, columns: null };

/** A matrix of a card. */
export interface OrderedMatrix {
  series: Series;
  cells: Cells;
}

/** How many numbers of a row or a unit are compared at most, at equal distances. */
const MOST_FEATURES = 128;
/** What has to be left of an idle time to go on, in milliseconds. */
const LEAST_IDLE = 2;

const found = new WeakMap<Cells, Map<string, Signal<ReadonlyMap<string, Order> | null>>>();

/**
 * The orders of matrices with the same columns, by their tags; read as a signal.
 *
 * @param all - At least one. All of them say together how alike units are, so that a unit stands in the same place in
 *   all of them.
 * @returns null until they are found.
 */
export function ordersOf(
  kind: Kind,
  all: readonly OrderedMatrix[],
  by: Exclude<HeatmapOrder, "stored">,
): ReadonlySignal<ReadonlyMap<string, Order> | null> {
  const [first] = all as [OrderedMatrix];
  const known = found.get(first.cells) ?? new Map();
  found.set(first.cells, known);
  const name = JSON.stringify([by, ...all.map(({ series }) => series.tag)]);
  const orders = known.get(name) ?? signal(null);
  if (!known.has(name)) {
    known.set(name, orders);
    inIdleTime(findOrders(kind, all, by), (value) => {
      orders.value = value;
    });
  }
  return orders;
}

/** As `ordersOf`, bit by bit. */
export function* findOrders(
  kind: Kind,
  all: readonly OrderedMatrix[],
  by: Exclude<HeatmapOrder, "stored">,
): Generator<void, Map<string, Order>> {
  const columns = hasUnitColumns(kind, all) ? yield* order(unitsOf(all), by) : null;
  const orders = new Map<string, Order>();
  for (const one of all) {
    const rows = areRowsUnits(kind, one) ? columns : null;
    const own =
      rows === null && canMoveRows(kind, one.series) ? yield* order(rowsOf(one), by) : rows;
    orders.set(one.series.tag, { rows: own, columns });
  }
  return orders;
}

/** Where each stored number stands in an order. */
export function placesIn(order: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const known = places.get(order);
  if (known) {
    return known;
  }
  const all = new Uint32Array(order.length);
  order.forEach((stored, place) => {
    all[stored] = place;
  });
  places.set(order, all);
  return all;
}

const places = new WeakMap<Uint32Array<ArrayBuffer>, Uint32Array<ArrayBuffer>>();

/** Things to be ordered: how many, and the matrices with the number of each of them in a line. */
interface Lines {
  count: number;
  /** How many numbers a thing has. */
  length: number;
  /** One of them; 0 where it is no finite number. */
  at: (thing: number, place: number) => number;
}

/** The units: of each the numbers of its column in all gates of all matrices. */
function unitsOf(all: readonly OrderedMatrix[]): Lines {
  const [{ series, cells }] = all as [OrderedMatrix];
  const count = cells.columns / series.gates.length;
  const lines = all.flatMap((one) =>
    one.series.gates.flatMap((_, gate) =>
      Array.from({ length: one.cells.rows }, (_, row) => [one.cells, row, gate * count] as const),
    ),
  );
  return {
    count,
    length: lines.length,
    at: (unit, place) => {
      const [own, row, start] = lines[place] as (typeof lines)[number];
      return finite(own.at(row, start + unit));
    },
  };
}

function rowsOf({ cells }: OrderedMatrix): Lines {
  return {
    count: cells.rows,
    length: cells.columns,
    at: (row, place) => finite(cells.at(row, place)),
  };
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

function* order(
  lines: Lines,
  by: Exclude<HeatmapOrder, "stored">,
): Generator<void, Uint32Array<ArrayBuffer>> {
  return by === "norm" ? yield* byNorm(lines) : yield* leafOrder(yield* featuresOf(lines));
}

function* byNorm({ count, length, at }: Lines): Generator<void, Uint32Array<ArrayBuffer>> {
  const squares = new Float64Array(count);
  for (let thing = 0; thing < count; thing += 1) {
    for (let place = 0; place < length; place += 1) {
      squares[thing] = (squares[thing] as number) + at(thing, place) ** 2;
    }
    yield;
  }
  const things = Uint32Array.from({ length: count }, (_, thing) => thing);
  return things.sort(
    (one, other) => (squares[other] as number) - (squares[one] as number) || one - other,
  );
}

function* featuresOf({ count, length, at }: Lines): Generator<void, Float32Array[]> {
  const every = Math.ceil(length / MOST_FEATURES);
  const features: Float32Array[] = [];
  for (let thing = 0; thing < count; thing += 1) {
    features.push(
      Float32Array.from({ length: Math.ceil(length / every) }, (_, place) =>
        at(thing, place * every),
      ),
    );
    yield;
  }
  return features;
}

/** Whether columns are units that can be moved: time goes on as it does, and so do units that are pooled otherwise. */
function hasUnitColumns({ columns }: Kind, all: readonly OrderedMatrix[]): boolean {
  return columns === "unit" && new Set(all.map(({ cells }) => cells.columns)).size === 1;
}

/** Whether a matrix has the same units as rows that it has as columns, so that both move together. */
function areRowsUnits(kind: Kind, { series, cells }: OrderedMatrix): boolean {
  const areUnits = kind.rows === "unit" || series.matrix === "recurrent_kernel";
  return (
    kind.columns === "unit" &&
    areUnits &&
    isOneLine(series) &&
    cells.rows === cells.columns / series.gates.length
  );
}

/** Whether rows can be moved: not those of time, of a strip, or of a convolution's kernel, which has places. */
function canMoveRows({ rows }: Kind, series: Series): boolean {
  return rows !== "loss time" && series.rows > 1 && isOneLine(series);
}

function isOneLine({ row_shape }: Series): boolean {
  return row_shape.length <= 1;
}

/** Goes on with something whenever nothing else is to do. */
function inIdleTime<T>(work: Generator<void, T>, done: (value: T) => void): void {
  whenIdle((timeLeft) => {
    do {
      const step = work.next();
      if (step.done) {
        done(step.value);
        return;
      }
    } while (timeLeft() > LEAST_IDLE);
    inIdleTime(work, done);
  });
}

/** What browsers that don't tell when they are idle are let work at once, in milliseconds. */
const ASSUMED_IDLE = 6;

function whenIdle(callback: (timeLeft: () => number) => void): void {
  if ("requestIdleCallback" in globalThis) {
    requestIdleCallback((deadline) => callback(() => deadline.timeRemaining()));
    return;
  }
  setTimeout(() => {
    const end = performance.now() + ASSUMED_IDLE;
    callback(() => end - performance.now());
  });
}
