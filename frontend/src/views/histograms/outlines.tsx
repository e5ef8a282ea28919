/** The lines of all runs: going to another step changes their paths, and nothing else. */

import type { ReadonlySignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { type Dash, dashesOf } from "../parts/dashes";
import { useDerived } from "../parts/use_derived";
import type { CellLine, GridCell } from "./grid_cells";
import { binEdges, outline } from "./outline";
import type { PixelRange } from "./pointed_bin";

/** More filled ones over each other are mud: their outlines alone are drawn. */
const MOST_FILLED = 3;

interface Properties {
  cell: GridCell;
  range: PixelRange;
  /** Where the axis begins and ends, from above. */
  base: number;
  top: number;
}

export function Outlines({ cell, range: [from, to], base, top: end }: Properties) {
  const { lines, axis, now, top } = cell;
  const edges = useMemo(() => binEdges(axis.count, [from, to]), [axis, from, to]);
  const paths = useDerived(() => {
    const pixels = (base - end) / top.value;
    return now.value.map(({ counts, ofOne, total }) =>
      total > 0 ? outline(counts, edges, ofOne * pixels, base, end) : "",
    );
  }, [cell, edges]);
  // What is compared with is dashed anyway.
  const dashes = useDerived(
    () => dashesOf(paths.value.map((path, place) => (isCompared(lines[place]) ? "" : path))),
    [paths, lines],
  );
  const isFilled = lines.filter((line) => !isCompared(line)).length <= MOST_FILLED;
  return (
    <>
      {lines.map(({ run, color, comparedStep }, place) => (
        <Outline
          key={`${run} ${comparedStep}`}
          name={
            comparedStep === null ? (isFilled ? "outline filled" : "outline") : "outline compared"
          }
          color={color}
          place={place}
          paths={paths}
          dashes={dashes}
        />
      ))}
    </>
  );
}

function isCompared(line: CellLine | undefined): boolean {
  return line !== undefined && line.comparedStep !== null;
}

interface OutlineProperties {
  name: string;
  color: string;
  place: number;
  paths: ReadonlySignal<readonly string[]>;
  dashes: ReadonlySignal<readonly (Dash | null)[]>;
}

function Outline({ name, color, place, paths, dashes }: OutlineProperties) {
  const d = useDerived(() => paths.value[place] ?? "", [paths, place]);
  const pattern = useDerived(() => dashes.value[place]?.pattern, [dashes, place]);
  const offset = useDerived(() => dashes.value[place]?.offset, [dashes, place]);
  return (
    <path
      class={name}
      style={{ "--run": color }}
      d={d}
      stroke-dasharray={pattern}
      stroke-dashoffset={offset}
    />
  );
}
