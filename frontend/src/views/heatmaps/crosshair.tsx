/** Lines over a heatmap: between its gates, and through what the pointer is on, in each of them. */

import type { Series } from "../../api/catalog";
import type { Cells } from "../../decode/cells";
import { hasCell, hasColumn, markedUnit, pointedCell } from "../../state/pointer";
import { kind } from "../../state/selection";

interface Properties {
  series: Series;
  cells: Cells;
  part: { left: number; top: number; width: number; height: number };
}

export function Crosshair({ series, cells, part }: Properties) {
  const gates = series.gates.length;
  const columnsAGate = cells.columns / gates;
  const [poolRows, poolColumns] = series.heatmaps.pool;
  const { row, column } = marked(series);
  const across = (place: number) => ((place - part.left) / part.width) * 100;
  const down = (place: number) => ((place - part.top) / part.height) * 100;
  const separators = Array.from({ length: gates - 1 }, (_, gate) =>
    across((gate + 1) * columnsAGate),
  );
  const columns =
    column === null
      ? []
      : series.gates.map((_, gate) =>
          across(gate * columnsAGate + Math.floor(column / poolColumns) + 0.5),
        );
  const y = row === null || cells.rows === 1 ? null : down(Math.floor(row / poolRows) + 0.5);
  return (
    <svg class="lines" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      {separators.map((x, gate) => (
        <line key={series.gates[gate]} class="separator" x1={x} x2={x} y1={0} y2={100} />
      ))}
      {columns.map((x, gate) => (
        <line key={series.gates[gate]} class="pointed" x1={x} x2={x} y1={0} y2={100} />
      ))}
      {y !== null && <line class="pointed" x1={0} x2={100} y1={y} y2={y} />}
    </svg>
  );
}

/** The row and the column of a series that are marked. */
function marked(series: Series): { row: number | null; column: number | null } {
  const pointed = pointedCell.value;
  if (pointed) {
    return {
      row: pointed.matrix === series.matrix && hasCell(series, pointed) ? pointed.row : null,
      column: hasColumn(series, pointed) ? pointed.column : null,
    };
  }
  const unit = markedUnit.value;
  const isRow = kind.value.rows === "unit" && unit !== null && unit < series.rows;
  return { row: isRow ? unit : null, column: null };
}
