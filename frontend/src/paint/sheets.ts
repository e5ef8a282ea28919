/** Sheets that hold pictures one above the other, so that many are copied from one canvas as it stands. */

/** How tall a sheet is, in pixels, unless one picture alone is taller. */
const TALLEST = 2048;

/** A picture on a sheet. */
export interface Placed<T> {
  item: T;
  /** How far it stands above the lower end of its sheet, in pixels. */
  bottom: number;
}

/** Some pictures, and the size in pixels that all of them need together. */
export interface Sheet<T> {
  placed: Placed<T>[];
  width: number;
  height: number;
}

/** Puts pictures on as few sheets as hold them in their order. */
export function sheetsOf<T>(
  items: Iterable<T>,
  sizeOf: (item: T) => { width: number; height: number },
): Sheet<T>[] {
  const sheets: Sheet<T>[] = [];
  for (const item of items) {
    const { width, height } = sizeOf(item);
    let sheet = sheets.at(-1);
    if (!sheet || sheet.height + height > TALLEST) {
      sheet = { placed: [], width: 0, height: 0 };
      sheets.push(sheet);
    }
    sheet.placed.push({ item, bottom: sheet.height });
    sheet.width = Math.max(sheet.width, width);
    sheet.height += height;
  }
  return sheets;
}
