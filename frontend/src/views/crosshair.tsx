/** Lines over a heatmap: between its gates, and through the unit under the pointer in each of them. */

import type { Series } from "../api/catalog";
import type { Cells } from "../decode/cells";
import { hasCell, hasUnit, pointedCell } from "../state/pointer";

interface Properties {
  series: Series;
  cells: Cells;
  part: { left: number; top: number; width: number; height: number };
}

export function Crosshair({ series, cells, part }: Properties) {
  const pointed = pointedCell.value;
  const gates = series.gates.length;
  const columnsAGate = cells.columns / gates;
  const [poolRows, poolColumns] = series.heatmaps.pool;
  const across = (column: number) => ((column - part.left) / part.width) * 100;
  const separators = Array.from({ length: gates - 1 }, (_, gate) =>
    across((gate + 1) * columnsAGate),
  );
  const units =
    pointed && hasUnit(series, pointed)
      ? series.gates.map((_, gate) =>
          across(gate * columnsAGate + Math.floor(pointed.unit / poolColumns) + 0.5),
        )
      : [];
  const row =
    pointed?.matrix === series.matrix && cells.rows > 1 && hasCell(series, pointed)
      ? ((Math.floor(pointed.row / poolRows) + 0.5 - part.top) / part.height) * 100
      : null;
  return (
    <svg class="lines" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      {separators.map((x, gate) => (
        <line key={series.gates[gate]} class="separator" x1={x} x2={x} y1={0} y2={100} />
      ))}
      {units.map((x, gate) => (
        <line key={series.gates[gate]} class="pointed" x1={x} x2={x} y1={0} y2={100} />
      ))}
      {row !== null && <line class="pointed" x1={0} x2={100} y1={row} y2={row} />}
    </svg>
  );
}
