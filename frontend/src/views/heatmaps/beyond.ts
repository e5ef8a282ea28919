/** How many of the cells on screen lie past the ends of their colours: counted once nothing moves any more. */

import { computed, signal } from "@preact/signals";
import { sum } from "d3-array";
import { useEffect } from "preact/hooks";
import type { Series } from "../../api/catalog";
import type { Cells } from "../../decode/cells";
import type { Span } from "../../paint/span";

/** What is counted. */
export interface Counted {
  run: string;
  series: Series;
  cells: Cells;
  minus: Cells | null;
  spans: readonly Span[];
}

/** So many cells of all that were looked at. */
export interface Count {
  beyond: number;
  all: number;
}

/** How long nothing may change before it is counted, in milliseconds. */
const STILL = 300;
/** How much a number of 16 bits may lie past the end that it was rounded over; see the shader. */
const ROUNDING = 1 / 256;

const counts = signal<ReadonlyMap<string, Count>>(new Map());

/** The count of all heatmaps on screen together. */
export const beyondOnScreen = computed<Count>(() => ({
  beyond: sum(counts.value.values(), ({ beyond }) => beyond),
  all: sum(counts.value.values(), ({ all }) => all),
}));

/** Counts a heatmap as long as it is on screen. */
export function useBeyond(counted: Counted): void {
  const { run, series, cells, minus, spans } = counted;
  const name = JSON.stringify([run, series.tag]);
  const ends = spans.map(({ high }) => high).join();
  useEffect(() => {
    const timer = setTimeout(() => {
      counts.value = new Map(counts.peek()).set(name, countBeyond(counted));
    }, STILL);
    return () => clearTimeout(timer);
  }, [name, cells, minus, ends]);
  useEffect(
    () => () => {
      const left = new Map(counts.peek());
      left.delete(name);
      counts.value = left;
    },
    [name],
  );
}

/** How many cells of a heatmap are looked at, at most: of larger ones, some of their rows. */
const MOST_CELLS = 2 ** 18;

/** Counts what is finite and past the end of its gate's colours; of large matrices, in rows at equal distances. */
export function countBeyond({ cells, minus, spans }: Omit<Counted, "run" | "series">): Count {
  const { rows, columns } = cells;
  const every = Math.ceil((rows * columns) / MOST_CELLS);
  const count = { beyond: 0, all: Math.ceil(rows / every) * columns };
  const width = columns / spans.length;
  for (const [gate, { high }] of spans.entries()) {
    const end = high * (1 + ROUNDING);
    for (let row = 0; row < rows; row += every) {
      const start = row * columns + gate * width;
      count.beyond += minus
        ? pastInDifference(cells, minus, start, start + width, end)
        : pastIn(cells, start, start + width, end);
    }
  }
  return count;
}

const scratch = new Float32Array(2);
const scratchBits = new Uint32Array(scratch.buffer);
const INFINITY_BITS = 0x7f800000;

/** How many cells in a row of bits are past an end: by their bits, which for magnitudes are ordered as they are. */
function pastIn({ bits, shift }: Cells, from: number, to: number, end: number): number {
  scratch[0] = end;
  // What is rounded off of the end belongs to no number of 16 bits that is larger.
  const last = (scratchBits[0] as number) >>> shift;
  const infinity = INFINITY_BITS >>> shift;
  const unsigned = 0x7fffffff >>> shift;
  let count = 0;
  for (let place = from; place < to; place += 1) {
    const magnitude = (bits[place] as number) & unsigned;
    count += magnitude > last && magnitude < infinity ? 1 : 0;
  }
  return count;
}

function pastInDifference(
  { bits, shift }: Cells,
  { bits: taken, shift: takenShift }: Cells,
  from: number,
  to: number,
  end: number,
): number {
  let count = 0;
  for (let place = from; place < to; place += 1) {
    scratchBits[0] = (bits[place] as number) << shift;
    scratchBits[1] = (taken[place] as number) << takenShift;
    const magnitude = Math.abs((scratch[0] as number) - (scratch[1] as number));
    count += magnitude > end && magnitude < Number.POSITIVE_INFINITY ? 1 : 0;
  }
  return count;
}
