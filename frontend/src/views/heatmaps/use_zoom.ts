/** Wheel, pinch, drag, a drawn box and double click on a heatmap move all of them. */

import { effect, type ReadonlySignal, useSignal } from "@preact/signals";
import { select } from "d3-selection";
import { type D3ZoomEvent, type ZoomTransform, zoom as zoomBehavior, zoomIdentity } from "d3-zoom";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { isZoomed, MAX_SCALE, type SeenPlace, WHOLE, zoom, zoomedToBox } from "../../state/zoom";

/** From how many pixels on a movement is no click. */
const DRAGGED = 4;

/** Two corners of a box that is being drawn. */
export type DrawnBox = readonly [SeenPlace, SeenPlace];

/**
 * Lets an element zoom.
 *
 * @param box - The element.
 * @param isTall - Whether its height is zoomed too.
 * @returns The box that is being drawn.
 */
export function useZoom(
  box: RefObject<HTMLElement | null>,
  isTall: boolean,
): ReadonlySignal<DrawnBox | null> {
  const drawn = useSignal<DrawnBox | null>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) {
      return;
    }
    const stopZoom = letZoom(element, isTall);
    const stopBox = letDrawBox(element, isTall, (corners) => {
      drawn.value = corners;
    });
    return () => {
      stopZoom();
      stopBox();
    };
  }, [box, isTall, drawn]);
  return drawn;
}

/** Wheel, pinch, drag and double click. */
function letZoom(element: HTMLElement, isTall: boolean): () => void {
  const selection = select<HTMLElement, unknown>(element);
  const size = () =>
    [
      [0, 0],
      [element.clientWidth, element.clientHeight],
    ] as [[number, number], [number, number]];
  const behavior = zoomBehavior<HTMLElement, unknown>()
    .scaleExtent([1, MAX_SCALE])
    .extent(size)
    .filter(isForZoom)
    .on("zoom", ({ transform, sourceEvent }: D3ZoomEvent<HTMLElement, unknown>) => {
      if (sourceEvent) {
        zoom.value = {
          scale: transform.k,
          x: -transform.x / transform.k / element.clientWidth,
          y: isTall ? -transform.y / transform.k / element.clientHeight : zoom.peek().y,
        };
      }
    });
  selection.call(behavior).on("dblclick.zoom", () => {
    zoom.value = WHOLE;
  });
  // At its largest, the behaviour leaves the wheel to the browser, which would make the whole page larger.
  const keepWheel = (event: WheelEvent) => event.ctrlKey && event.preventDefault();
  element.addEventListener("wheel", keepWheel, { passive: false });
  const stop = effect(() => {
    const { scale, x, y } = zoom.value;
    behavior.translateExtent(size());
    const transform: ZoomTransform = zoomIdentity
      .scale(scale)
      .translate(-x * element.clientWidth, -y * element.clientHeight);
    // Not through the behaviour, which would tell of it, and so move the others once more.
    (element as HTMLElement & { __zoom?: ZoomTransform }).__zoom = transform;
  });
  return () => {
    stop();
    element.removeEventListener("wheel", keepWheel);
    selection.on(".zoom", null);
  };
}

/** The wheel scrolls the page as ever, and zooms only with Ctrl, which a pinch sets too; what is whole can't be moved. */
function isForZoom(event: MouseEvent | TouchEvent): boolean {
  if (event.type === "wheel") {
    return event.ctrlKey;
  }
  if ("touches" in event) {
    return event.touches.length > 1 || isZoomed.peek();
  }
  return event.button === 0 && !event.shiftKey && isZoomed.peek();
}

/** Shift and drag draw a box, which is zoomed to. */
function letDrawBox(
  element: HTMLElement,
  isTall: boolean,
  draw: (corners: DrawnBox | null) => void,
): () => void {
  let start: PointerEvent | null = null;
  const corners = (one: PointerEvent, other: PointerEvent): DrawnBox => {
    const [a, b] = [placeOf(one, element), placeOf(other, element)];
    return isTall
      ? [a, b]
      : [
          { ...a, y: 0 },
          { ...b, y: 0 },
        ];
  };
  const listeners = {
    pointerdown: (event: PointerEvent) => {
      if (event.button === 0 && event.shiftKey) {
        start = event;
        element.setPointerCapture(event.pointerId);
        // No text is to be chosen by it.
        event.preventDefault();
      }
    },
    pointermove: (event: PointerEvent) => {
      if (start) {
        draw(corners(start, event));
      }
    },
    pointerup: (event: PointerEvent) => {
      if (start && isDragged(start, event)) {
        zoom.value = zoomedToBox(zoom.peek(), ...corners(start, event));
      }
      start = null;
      draw(null);
    },
    pointercancel: () => {
      start = null;
      draw(null);
    },
  };
  for (const [name, listener] of Object.entries(listeners)) {
    element.addEventListener(name, listener as EventListener);
  }
  return () => {
    for (const [name, listener] of Object.entries(listeners)) {
      element.removeEventListener(name, listener as EventListener);
    }
  };
}

/** Whether the pointer moved between two events, so that they are no click. */
export function isDragged(
  one: Pick<MouseEvent, "clientX" | "clientY">,
  other: Pick<MouseEvent, "clientX" | "clientY">,
): boolean {
  return Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) >= DRAGGED;
}

/** Where an event is in an element, as shares of its size. */
export function placeOf(event: MouseEvent, element: HTMLElement): SeenPlace {
  const { left, top, width, height } = element.getBoundingClientRect();
  const share = (at: number, size: number) => Math.max(0, Math.min(1, at / size));
  return { x: share(event.clientX - left, width), y: share(event.clientY - top, height) };
}
