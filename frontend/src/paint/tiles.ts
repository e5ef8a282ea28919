/** Cuts matrices that are larger than a texture may be. */

/** Tiles of one size, side by side and above each other, that cover a matrix; the last ones may reach past it. */
export interface TileGrid {
  /** Columns and rows of cells of one tile. */
  columns: number;
  rows: number;
  /** How many tiles stand side by side, and how many above each other. */
  across: number;
  down: number;
}

/** A part of a matrix, in cells. */
export interface Tile {
  column: number;
  row: number;
  columns: number;
  rows: number;
}

/** The fewest tiles that cover a matrix, none larger than `largest` on a side, and none larger than need be. */
export function tileGrid(rows: number, columns: number, largest: number): TileGrid {
  const across = Math.max(1, Math.ceil(columns / largest));
  const down = Math.max(1, Math.ceil(rows / largest));
  return { across, down, columns: Math.ceil(columns / across), rows: Math.ceil(rows / down) };
}

/** What each tile has of the matrix, row by row. */
export function tilesOf(grid: TileGrid, rows: number, columns: number): Tile[] {
  return Array.from({ length: grid.across * grid.down }, (_, place) => {
    const column = (place % grid.across) * grid.columns;
    const row = Math.floor(place / grid.across) * grid.rows;
    return {
      column,
      row,
      columns: Math.min(grid.columns, columns - column),
      rows: Math.min(grid.rows, rows - row),
    };
  });
}
