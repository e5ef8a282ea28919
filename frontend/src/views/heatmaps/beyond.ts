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
  const columns = cells.columns / spans.length;
  const every = Math.ceil((cells.rows * cells.columns) / MOST_CELLS);
  const count = { beyond: 0, all: Math.ceil(cells.rows / every) * cells.columns };
  const ends = spans.map(({ high }) => high * (1 + ROUNDING));
  for (let row = 0; row < cells.rows; row += every) {
    const values = cells.row(row);
    const taken = minus?.row(row);
    for (let column = 0; column < values.length; column += 1) {
      const value = Math.abs((values[column] as number) - (taken?.[column] ?? 0));
      if (
        value > (ends[Math.floor(column / columns)] as number) &&
        value < Number.POSITIVE_INFINITY
      ) {
        count.beyond += 1;
      }
    }
  }
  return count;
}
