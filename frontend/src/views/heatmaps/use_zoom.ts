/** Wheel, pinch, drag and double click on a heatmap move all of them. */

import { effect } from "@preact/signals";
import { select } from "d3-selection";
import { type D3ZoomEvent, type ZoomTransform, zoom as zoomBehavior, zoomIdentity } from "d3-zoom";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { WHOLE, zoom } from "../../state/zoom";

const MAX_SCALE = 64;

/**
 * Lets an element zoom.
 *
 * @param box - The element.
 * @param isTall - Whether its height is zoomed too.
 */
export function useZoom(box: RefObject<HTMLElement | null>, isTall: boolean): void {
  useEffect(() => {
    const element = box.current;
    if (!element) {
      return;
    }
    const selection = select<HTMLElement, unknown>(element);
    const behavior = zoomBehavior<HTMLElement, unknown>()
      .scaleExtent([1, MAX_SCALE])
      .extent(() => [
        [0, 0],
        [element.clientWidth, element.clientHeight],
      ])
      // The wheel scrolls the page as ever; with Ctrl, which a pinch sets too, or once zoomed, it zooms.
      .filter((event: MouseEvent) =>
        event.type === "wheel" ? event.ctrlKey || zoom.peek().scale > 1 : !event.button,
      )
      .on("zoom", ({ transform, sourceEvent }: D3ZoomEvent<HTMLElement, unknown>) => {
        if (sourceEvent) {
          zoom.value = {
            scale: transform.k,
            x: -transform.x / transform.k / element.clientWidth,
            y: isTall ? -transform.y / transform.k / element.clientHeight : zoom.peek().y,
          };
        }
      });
    behavior.translateExtent([
      [0, 0],
      [element.clientWidth, element.clientHeight],
    ]);
    selection.call(behavior).on("dblclick.zoom", () => {
      zoom.value = WHOLE;
    });
    const stop = effect(() => {
      const { scale, x, y } = zoom.value;
      behavior.translateExtent([
        [0, 0],
        [element.clientWidth, element.clientHeight],
      ]);
      const transform: ZoomTransform = zoomIdentity
        .scale(scale)
        .translate(-x * element.clientWidth, -y * element.clientHeight);
      // Not through the behaviour, which would tell of it, and so move the others once more.
      (element as HTMLElement & { __zoom?: ZoomTransform }).__zoom = transform;
    });
    return () => {
      stop();
      selection.on(".zoom", null);
    };
  }, [box, isTall]);
}
