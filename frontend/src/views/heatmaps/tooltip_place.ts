/** Where the tooltip stands, so that it covers nothing of what is compared. */

/** A part of the window, in CSS pixels. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const GAP = 14;
/** How near to a line still covers the cells at it. */
const MARGIN = 3;

/**
 * The place of a tooltip that covers the fewest lines: beside the pointer if it can be, else beside the card.
 *
 * @param size - Of the tooltip.
 * @param pointer - Where the pointer is.
 * @param lines - The lines through all rows and columns that are compared.
 * @param card - The card that the pointer is in.
 * @param page - The size of the window.
 */
export function tooltipPlace(
  size: Pick<Box, "width" | "height">,
  pointer: { x: number; y: number },
  lines: readonly Box[],
  card: Box,
  page: Pick<Box, "width" | "height">,
): { left: number; top: number } {
  const right = pointer.x + GAP;
  const left = pointer.x - GAP - size.width;
  const below = pointer.y + GAP;
  const above = pointer.y - GAP - size.height;
  const leftOfCard = card.left - GAP - size.width;
  const rightOfCard = card.left + card.width + GAP;
  const candidates = [
    [right, below],
    [left, below],
    [right, above],
    [left, above],
    [rightOfCard, below],
    [rightOfCard, above],
    [leftOfCard, below],
    [leftOfCard, above],
    // Over the names at the left of the card, then at the edges of the window.
    [card.left, below],
    [card.left, above],
    [0, below],
    [0, above],
    [right, card.top - GAP - size.height],
    [right, card.top + card.height + GAP],
    [right, 0],
    [right, page.height - size.height],
  ].map(([x = 0, y = 0]) => ({ left: x, top: y, ...size }));
  const possible = candidates.filter((box) => isInside(box, page));
  const covered = (box: Box) => lines.filter((line) => overlaps(box, line)).length;
  const [first, ...others] = possible.map((box) => ({ box, count: covered(box) }));
  if (!first) {
    return {
      left: Math.max(0, Math.min(right, page.width - size.width)),
      top: Math.max(0, Math.min(below, page.height - size.height)),
    };
  }
  const best = others.reduce((least, one) => (one.count < least.count ? one : least), first);
  return { left: best.box.left, top: best.box.top };
}

function isInside({ left, top, width, height }: Box, page: Pick<Box, "width" | "height">): boolean {
  return left >= 0 && top >= 0 && left + width <= page.width && top + height <= page.height;
}

function overlaps(box: Box, line: Box): boolean {
  return (
    box.left - MARGIN < line.left + line.width &&
    line.left < box.left + box.width + MARGIN &&
    box.top - MARGIN < line.top + line.height &&
    line.top < box.top + box.height + MARGIN
  );
}
