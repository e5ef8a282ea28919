/** Whether a heatmap is of the matrix that its series is said to be of. */

import type { Series } from "../api/catalog";
import type { Cells } from "../decode/cells";

/**
 * Passes cells on if they have the shape that their series began with.
 *
 * TensorBoard keeps the facts of a series' first snapshot alone, so a model of another size that is logged to the
 * same directory would be drawn with the wrong units.
 *
 * @throws {Error} if they have another one.
 */
export function ofShape(series: Series, cells: Cells): Cells {
  const { gates, rows, units } = series;
  const [poolRows, poolColumns] = series.heatmaps.pool;
  const expected = [Math.ceil(rows / poolRows), gates.length * Math.ceil(units / poolColumns)];
  if (cells.rows !== expected[0] || cells.columns !== expected[1]) {
    throw new Error(
      `This matrix has ${cells.rows} × ${cells.columns} cells, but its series began with ` +
        `${expected.join(" × ")}: log each model to a directory of its own.`,
    );
  }
  return cells;
}
