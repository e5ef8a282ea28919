/** What keys do while a heatmap has the focus: they move the crosshair, zoom and pin. */

import { togglePin } from "../../state/pinned_unit";
import { pointedCell } from "../../state/pointer";
import { type SeenPlace, showing, zoom, zoomedAt } from "../../state/zoom";
import { cellIn, type Laid, placeOfCell, shownPart } from "./places";

const FAR = 10;
const ZOOM_FACTOR = 2;

const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

const FACTORS: Readonly<Record<string, number>> = {
  "+": ZOOM_FACTOR,
  "=": ZOOM_FACTOR,
  "-": 1 / ZOOM_FACTOR,
  _: 1 / ZOOM_FACTOR,
};

/** Does what a key is for on a heatmap; others are left to the page. */
export function takeKey(event: KeyboardEvent, laid: Laid): void {
  if (event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const move = MOVES[event.key];
  const factor = FACTORS[event.key];
  if (move) {
    moveCrosshair(event, laid, move);
  } else if (factor !== undefined) {
    zoom.value = zoomedAt(zoom.peek(), factor, crosshairPlace(laid));
  } else if (event.key === "Enter") {
    togglePin();
  } else {
    return;
  }
  // Elsewhere these keys go from step to step.
  event.preventDefault();
  event.stopPropagation();
}

function moveCrosshair(
  event: KeyboardEvent,
  laid: Laid,
  [down, across]: readonly [number, number],
): void {
  const { cells } = laid;
  const far = event.shiftKey ? FAR : 1;
  const from = crosshair(laid);
  const clamp = (at: number, count: number) => Math.max(0, Math.min(count - 1, at));
  // The first key only shows where the crosshair is.
  const to = from
    ? {
        row: clamp(from.row + down * far, cells.rows),
        column: clamp(from.column + across * far, cells.columns),
      }
    : firstSeen(laid);
  zoom.value = showing(zoom.peek(), {
    x: (to.column + 0.5) / cells.columns,
    y: (to.row + 0.5) / cells.rows,
  });
  const cell = cellIn(laid, to);
  const element = event.currentTarget as HTMLElement;
  const { left, top, width, height } = element.getBoundingClientRect();
  const part = shownPart(cells, zoom.peek());
  pointedCell.value = cell && {
    ...cell,
    x: left + ((to.column + 0.5 - part.left) / part.width) * width,
    y: top + ((to.row + 0.5 - part.top) / part.height) * height,
  };
}

/** Where the crosshair is in a matrix; null while it is in none, or in another one. */
function crosshair(laid: Laid) {
  const cell = pointedCell.peek();
  return cell?.matrix === laid.series.matrix ? placeOfCell(laid, cell) : null;
}

function firstSeen({ cells }: Laid) {
  const { left, top } = shownPart(cells, zoom.peek());
  return { row: Math.ceil(top), column: Math.ceil(left) };
}

/** Where the crosshair is in what is seen; its middle where there is none. */
function crosshairPlace(laid: Laid): SeenPlace {
  const place = crosshair(laid);
  const part = shownPart(laid.cells, zoom.peek());
  return place
    ? {
        x: (place.column + 0.5 - part.left) / part.width,
        y: (place.row + 0.5 - part.top) / part.height,
      }
    : { x: 0.5, y: 0.5 };
}
