/** Where each unit's small picture is. */

const LEAST_WIDTH = 132;
const HEIGHT = 60;
const GAP = 10;

/** A grid of small pictures, in CSS pixels. */
export interface Layout {
  columns: number;
  width: number;
  height: number;
  total: number;
}

/** A grid of so many pictures in some width. */
export function layoutOf(count: number, width: number): Layout {
  const columns = Math.max(1, Math.floor((width + GAP) / (LEAST_WIDTH + GAP)));
  return {
    columns,
    width: (width - GAP * (columns - 1)) / columns,
    height: HEIGHT,
    total: Math.ceil(count / columns) * (HEIGHT + GAP) - GAP,
  };
}

/** The upper left corner of a picture. */
export function cornerOf({ columns, width, height }: Layout, place: number): [number, number] {
  const column = place % columns;
  return [column * (width + GAP), Math.floor(place / columns) * (height + GAP)];
}

/** The picture at a point, and how far into it that is, from 0 to 1; null between pictures. */
export function pictureAt(layout: Layout, x: number, y: number) {
  const column = Math.floor(x / (layout.width + GAP));
  const row = Math.floor(y / (layout.height + GAP));
  const [left, top] = cornerOf(layout, row * layout.columns + column);
  const share = (x - left) / layout.width;
  const isInside = column < layout.columns && share <= 1 && y - top <= layout.height;
  return isInside && x >= 0 && y >= 0 ? { place: row * layout.columns + column, share } : null;
}
