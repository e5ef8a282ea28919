/** One matrix of one run at one step: painted, with its gates set apart, and open to the pointer. */

import { rgb } from "d3-color";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Series } from "../api/catalog";
import type { Cells } from "../decode/cells";
import { colorTable, NONFINITE_COLORS } from "../paint/color_maps";
import { pointedCell } from "../state/pointer";
import { absoluteValue, colorMap } from "../state/settings";
import { zoom } from "../state/zoom";
import { Crosshair } from "./crosshair";
import { paintedAnew, sharedPainter } from "./painting";
import { darkTheme } from "./theme";
import { useWidth } from "./use_width";
import { useZoom } from "./use_zoom";
import { sizeText, words } from "./words";

interface Properties {
  run: string;
  series: Series;
  cells: Cells;
  /** The magnitude at the end of the colours, a gate each. */
  limits: readonly number[];
  /** In CSS pixels. */
  height: number;
}

export function Heatmap({ run, series, cells, limits, height }: Properties) {
  const [box, width] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  useZoom(box, series.rows > 1);
  const part = shownPart(cells);
  const colors = colorTable(colorMap.value, darkTheme.value, absoluteValue.value);
  const isAbsolute = absoluteValue.value;
  const anew = paintedAnew.value;
  useLayoutEffect(() => {
    if (canvas.current && width) {
      const nan = shares(NONFINITE_COLORS.nan);
      const infinity = shares(NONFINITE_COLORS.infinity);
      const picture = { cells, view: part, limits, isAbsolute, colors, nan, infinity };
      sharedPainter()?.paint(canvas.current, picture);
    }
  });
  const ratio = window.devicePixelRatio;
  const label = `${words(series.matrix)} of ${run}: ${sizeText(series)}`;
  return (
    <div
      class="heatmap"
      ref={box}
      style={{ height: `${height}px` }}
      data-testid="heatmap"
      data-matrix={series.matrix}
      data-painted={anew}
      onPointerMove={(event) => {
        pointedCell.value = cellUnder(event, series, cells);
      }}
      onPointerLeave={() => {
        pointedCell.value = null;
      }}
    >
      <canvas
        ref={canvas}
        role="img"
        aria-label={label}
        width={Math.round(width * ratio)}
        height={Math.round(height * ratio)}
      />
      <Crosshair series={series} part={part} cells={cells} />
    </div>
  );
}

function shownPart({ rows, columns }: Cells) {
  const { scale, x, y } = zoom.value;
  // A bias has only one row: it is zoomed along its units alone.
  const down = rows > 1 ? { top: y * rows, height: rows / scale } : { top: 0, height: rows };
  return { left: x * columns, width: columns / scale, ...down };
}

function cellUnder(event: PointerEvent, series: Series, cells: Cells) {
  const { left, top, width, height } = (event.currentTarget as HTMLElement).getBoundingClientRect();
  const part = shownPart(cells);
  const column = Math.floor(part.left + ((event.clientX - left) / width) * part.width);
  const row = Math.floor(part.top + ((event.clientY - top) / height) * part.height);
  if (column < 0 || column >= cells.columns || row < 0 || row >= cells.rows) {
    return null;
  }
  const columnsAGate = cells.columns / series.gates.length;
  const [poolRows, poolColumns] = series.heatmaps.pool;
  return {
    matrix: series.matrix,
    gate: series.gates[Math.floor(column / columnsAGate)] ?? "",
    row: row * poolRows,
    unit: (column % columnsAGate) * poolColumns,
    units: series.units,
    x: event.clientX,
    y: event.clientY,
  };
}

function shares(color: string): [number, number, number] {
  const { r, g, b } = rgb(color);
  return [r / 255, g / 255, b / 255];
}
