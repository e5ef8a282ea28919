/** Cuts matrices that are larger than a texture may be. */

/** A part of a matrix, in cells. */
export interface Tile {
  column: number;
  row: number;
  columns: number;
  rows: number;
}

/** The tiles that cover a matrix without gap or overlap, none larger than `largest` on a side. */
export function tiles(rows: number, columns: number, largest: number): Tile[] {
  const found: Tile[] = [];
  for (let row = 0; row < rows; row += largest) {
    for (let column = 0; column < columns; column += largest) {
      found.push({
        column,
        row,
        columns: Math.min(largest, columns - column),
        rows: Math.min(largest, rows - row),
      });
    }
  }
  return found;
}
