/** Lines over a heatmap: between its gates, and through what the pointer is on and what is pinned, in each of them. */

import type { Cells } from "../../decode/cells";
import { pinnedUnit } from "../../state/pinned_unit";
import {
  hasCell,
  hasColumn,
  type PointedCell,
  pointedCell,
  pointedUnit,
} from "../../state/pointer";
import { kind } from "../../state/selection";
import { kernelPlaces } from "./kernel_places";
import { type Laid, type Part, placeOfColumn, placeOfRow } from "./places";

/** A matrix as it stands on screen, whatever its numbers are: other ones leave the lines where they are. */
export type Grid = Pick<Laid, "series" | "order"> & Pick<Cells, "rows" | "columns">;

interface Properties {
  grid: Grid;
  part: Part;
  /** In CSS pixels. */
  height: number;
}

/** Row and column that a line goes through. */
interface Marked {
  row: number | null;
  column: number | null;
}

export function Crosshair({ grid, part, height }: Properties) {
  const { series } = grid;
  const gates = series.gates.length;
  const columnsAGate = grid.columns / gates;
  const across = (place: number) => ((place - part.left) / part.width) * 100;
  const down = (place: number) => ((place - part.top) / part.height) * 100;
  const separators = Array.from({ length: gates - 1 }, (_, gate) =>
    across((gate + 1) * columnsAGate),
  );
  return (
    <svg class="lines" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      {kernelPlaces(series, part, height).map(({ first }) => (
        <line key={first} class="kernel-place" x1={0} x2={100} y1={down(first)} y2={down(first)} />
      ))}
      {separators.map((x, gate) => (
        <line key={series.gates[gate]} class="separator" x1={x} x2={x} y1={0} y2={100} />
      ))}
      {lines("pinned", marked(grid, pinnedUnit.value))}
      {lines("pointed", pointed(grid))}
    </svg>
  );

  function lines(name: string, { row, column }: Marked) {
    const y = row === null || grid.rows === 1 ? null : down(placeOfRow(grid, row) + 0.5);
    const place = column === null ? null : placeOfColumn(grid, column);
    return (
      <>
        {place !== null &&
          series.gates.map((gate, number) => {
            const x = across(number * columnsAGate + place + 0.5);
            return <line key={gate} class={name} x1={x} x2={x} y1={0} y2={100} />;
          })}
        {y !== null && <line class={name} x1={0} x2={100} y1={y} y2={y} />}
      </>
    );
  }
}

/** The row and the column of a matrix that are marked by a cell of some matrix. */
function marked({ series }: Grid, cell: Omit<PointedCell, "x" | "y"> | null): Marked {
  if (!cell) {
    return { row: null, column: null };
  }
  return {
    row: cell.matrix === series.matrix && hasCell(series, cell) ? cell.row : null,
    column: hasColumn(series, cell) ? cell.column : null,
  };
}

function pointed(grid: Grid): Marked {
  if (pointedCell.value) {
    return marked(grid, pointedCell.value);
  }
  const unit = pointedUnit.value;
  const isRow = kind.value.rows === "unit" && unit !== null && unit < grid.series.rows;
  return { row: isRow ? unit : null, column: null };
}
