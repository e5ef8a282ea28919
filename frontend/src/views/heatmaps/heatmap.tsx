/** One matrix of one run at one step: painted, with its gates set apart, and open to the pointer and to keys. */

import type { ReadonlySignal } from "@preact/signals";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Cells } from "../../decode/cells";
import type { Span } from "../../paint/span";
import { isLog } from "../../state/pictures";
import { chosenPin, togglePin } from "../../state/pinned_unit";
import { pointedCell } from "../../state/pointer";
import { kind } from "../../state/selection";
import { isZoomed, zoom } from "../../state/zoom";
import { useWidth } from "../parts/use_width";
import { sizeText, words } from "../parts/words";
import { useBeyond } from "./beyond";
import { Crosshair } from "./crosshair";
import { takeKey } from "./heatmap_keys";
import { lookOf, paintedAnew, sharedPainter } from "./painting";
import { cellIn, type Laid, shownPart } from "./places";
import { type DrawnBox, isDragged, placeOf, useZoom } from "./use_zoom";

interface Properties {
  run: string;
  laid: Laid;
  /** What is taken from its cells; null where nothing is. */
  minus: Cells | null;
  /** The magnitudes that the colours run between, a gate each. */
  spans: readonly Span[];
  /** In CSS pixels. */
  height: number;
}

export function Heatmap({ run, laid, minus, spans, height }: Properties) {
  const { series, cells, order } = laid;
  const [box, width] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useZoom(box, series.rows > 1);
  const { rows, columns } = cells;
  const part = useMemo(() => shownPart({ rows, columns }, zoom.value), [rows, columns, zoom.value]);
  const grid = useMemo(() => ({ series, order, rows, columns }), [series, order, rows, columns]);
  const { isSequential, colors, inks } = lookOf(minus !== null);
  const look = { isLog: isLog.value, isSequential, colors, inks };
  const anew = paintedAnew.value;
  useLayoutEffect(() => {
    if (canvas.current && width) {
      const picture = { cells, order, view: part, spans, ...look, ...(minus && { minus }) };
      sharedPainter()?.paint(canvas.current, picture);
    }
  });
  useBeyond({ cells, minus, spans });
  const ratio = window.devicePixelRatio;
  const note = series.note && `, ${series.note}`;
  const what = minus ? "difference of " : "";
  const label = `${what}${words(series.matrix)} of ${run}: ${sizeText(kind.value, series)}${note}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: no element is a picture that keys move about in.
    <div
      class={isZoomed.value ? "heatmap zoomed" : "heatmap"}
      ref={box}
      style={{ height: `${height}px` }}
      data-testid="heatmap"
      data-matrix={series.matrix}
      data-painted={anew}
      data-difference={minus !== null}
      role="group"
      aria-label={label}
      aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown + - Enter"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys move the crosshair in it.
      tabIndex={0}
      onKeyDown={(event) => takeKey(event, laid)}
      onBlur={forgetPointer}
      onPointerMove={(event) => {
        // Whoever drags reads nothing, and the picture follows sooner.
        pointedCell.value = event.buttons === 0 ? cellUnder(event, laid) : null;
      }}
      onPointerLeave={forgetPointer}
      {...usePin()}
    >
      <canvas
        ref={canvas}
        role="img"
        aria-label={label}
        width={Math.round(width * ratio)}
        height={Math.round(height * ratio)}
      />
      <Crosshair grid={grid} part={part} height={height} />
      <Box drawn={drawn} />
    </div>
  );
}

function forgetPointer(): void {
  pointedCell.value = null;
}

/** A click pins what it is on; a double click, which is for the zoom, leaves the pin as it was. */
function usePin() {
  const pressed = useRef<PointerEvent | null>(null);
  const before = useRef(chosenPin.peek());
  return {
    onPointerDown: (event: PointerEvent) => {
      pressed.current = event;
    },
    onClick: (event: MouseEvent) => {
      const isClick = event.detail === 1 && !event.shiftKey;
      if (isClick && pressed.current && !isDragged(pressed.current, event)) {
        before.current = chosenPin.peek();
        togglePin();
      }
    },
    onDblClick: () => {
      chosenPin.value = before.current;
    },
  };
}

/** The box that is being drawn. */
function Box({ drawn }: { drawn: ReadonlySignal<DrawnBox | null> }) {
  if (!drawn.value) {
    return null;
  }
  const [one, other] = drawn.value;
  const percent = (share: number) => `${share * 100}%`;
  return (
    <i
      class="drawn-box"
      style={{
        left: percent(Math.min(one.x, other.x)),
        top: percent(Math.min(one.y, other.y)),
        width: percent(Math.abs(one.x - other.x)),
        // A strip has no height to choose from.
        height: one.y === other.y ? "100%" : percent(Math.abs(one.y - other.y)),
      }}
    />
  );
}

function cellUnder(event: PointerEvent, laid: Laid) {
  const { x, y } = placeOf(event, event.currentTarget as HTMLElement);
  const part = shownPart(laid.cells, zoom.peek());
  const cell = cellIn(laid, {
    row: Math.floor(part.top + y * part.height),
    column: Math.floor(part.left + x * part.width),
  });
  return cell && { ...cell, x: event.clientX, y: event.clientY };
}
