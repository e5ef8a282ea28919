/** How many of the cells on screen lie past the ends of their colours: counted once nothing moves any more. */

import { signal } from "@preact/signals";
import { sum } from "d3-array";
import { useEffect, useState } from "preact/hooks";
import type { Cells } from "../../decode/cells";
import type { Span } from "../../paint/span";

/** What is counted. */
export interface Counted {
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
/** About how many cells are looked at in all: where there are more, some of the rows. */
const MOST_CELLS = 2 ** 18;
/** How much a number of 16 bits may lie past the end that it was rounded over; see the shader. */
const ROUNDING = 1 / 256;

/** The heatmaps on screen, each by a name of its own. */
const onScreen = new Map<symbol, Counted>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** The count of all heatmaps on screen together. */
export const beyondOnScreen = signal<Count>({ beyond: 0, all: 0 });

/** Counts a heatmap as long as it is on screen. */
export function useBeyond(counted: Counted): void {
  const { cells, minus, spans } = counted;
  const ends = spans.map(({ high }) => high).join();
  const [name] = useState(Symbol);
  useEffect(() => {
    onScreen.set(name, counted);
    countSoon();
  }, [cells, minus, ends]);
  useEffect(
    () => () => {
      onScreen.delete(name);
      countSoon();
    },
    [],
  );
}

function countSoon(): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const most = MOST_CELLS / onScreen.size;
    const counts = [...onScreen.values()].map((one) => countBeyond(one, most));
    beyondOnScreen.value = {
      beyond: sum(counts, ({ beyond }) => beyond),
      all: sum(counts, ({ all }) => all),
    };
  }, STILL);
}

/**
 * Counts what is finite and past the end of its gate's colours.
 *
 * @param most - Of how many cells about; of more, in rows at equal distances.
 */
export function countBeyond({ cells, minus, spans }: Counted, most: number): Count {
  const { rows, columns } = cells;
  const every = Math.ceil((rows * columns) / most);
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
