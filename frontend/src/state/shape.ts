/** Whether a heatmap is of the matrix that its series is said to be of. */

import type { Series } from "../api/catalog";
import type { Planes } from "../decode/planes";

/**
 * Passes a heatmap on if it has the shape that their series began with.
 *
 * TensorBoard keeps the facts of a series' first snapshot alone, so a model or a probe of another size that is logged
 * to the same directory would be drawn with the wrong units.
 *
 * @throws {Error} if it has another one.
 */
export function ofShape(series: Series, found: Planes): Planes {
  const { gates, rows, columns, planes } = series;
  const cells = found.at(0);
  const [poolRows, poolColumns] = series.heatmaps.pool;
  const expected = [Math.ceil(rows / poolRows), gates.length * Math.ceil(columns / poolColumns)];
  if (cells.rows !== expected[0] || cells.columns !== expected[1]) {
    throw new Error(
      `This matrix has ${cells.rows} × ${cells.columns} cells, but its series began with ` +
        `${expected.join(" × ")}: log each model to a directory of its own.`,
    );
  }
  const count = Math.max(1, planes.length);
  if (found.all.length !== count) {
    throw new Error(
      `This heatmap has ${found.all.length} matrices, but its series began with ${count}: ` +
        "log each probe to a directory of its own.",
    );
  }
  return found;
}
