/** Zooms without a wheel. */

import { isZoomed, MAX_SCALE, WHOLE, zoom, zoomedAt } from "../../state/zoom";

const FACTOR = 2;
const MIDDLE = { x: 0.5, y: 0.5 };

export function ZoomButtons() {
  const { scale } = zoom.value;
  const zoomBy = (factor: number) => {
    zoom.value = zoomedAt(zoom.peek(), factor, MIDDLE);
  };
  return (
    <fieldset
      class="segments small zoom-buttons"
      aria-label="Zoom"
      title="Ctrl + wheel or pinch zooms, dragging moves, Shift + dragging draws a box to zoom to; a double click or Esc shows the whole matrix"
    >
      <button
        type="button"
        aria-label="Zoom out"
        data-testid="zoom-out"
        disabled={!isZoomed.value}
        onClick={() => zoomBy(1 / FACTOR)}
      >
        −
      </button>
      <button
        type="button"
        aria-label="Zoom in"
        data-testid="zoom-in"
        disabled={scale >= MAX_SCALE}
        onClick={() => zoomBy(FACTOR)}
      >
        +
      </button>
      <button
        type="button"
        aria-label="Whole matrix"
        data-testid="zoom-reset"
        disabled={!isZoomed.value}
        onClick={() => {
          zoom.value = WHOLE;
        }}
      >
        ⟲
      </button>
    </fieldset>
  );
}
