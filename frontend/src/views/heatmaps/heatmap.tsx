/** One matrix of one run at one step: painted, with its gates set apart, and open to the pointer. */

import { rgb } from "d3-color";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Series } from "../../api/catalog";
import type { Cells } from "../../decode/cells";
import { colorTable, NONFINITE_COLORS } from "../../paint/color_maps";
import type { Span } from "../../paint/span";
import { colorMap } from "../../state/color_settings";
import { isLog, isSequential } from "../../state/pictures";
import { pointedCell } from "../../state/pointer";
import { kind } from "../../state/selection";
import { zoom } from "../../state/zoom";
import { darkTheme } from "../parts/theme";
import { useWidth } from "../parts/use_width";
import { sizeText, words } from "../parts/words";
import { Crosshair } from "./crosshair";
import { paintedAnew, sharedPainter } from "./painting";
import { useZoom } from "./use_zoom";

interface Properties {
  run: string;
  series: Series;
  cells: Cells;
  /** The magnitudes that the colours run between, a gate each. */
  spans: readonly Span[];
  /** In CSS pixels. */
  height: number;
}

export function Heatmap({ run, series, cells, spans, height }: Properties) {
  const [box, width] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  useZoom(box, series.rows > 1);
  const part = shownPart(cells);
  const scales = { isLog: isLog.value, isSequential: isSequential.value };
  const colors = colorTable(colorMap.value, darkTheme.value, scales.isSequential);
  const anew = paintedAnew.value;
  useLayoutEffect(() => {
    if (canvas.current && width) {
      const nan = shares(NONFINITE_COLORS.nan);
      const infinity = shares(NONFINITE_COLORS.infinity);
      const picture = { cells, view: part, spans, ...scales, colors, nan, infinity };
      sharedPainter()?.paint(canvas.current, picture);
    }
  });
  const ratio = window.devicePixelRatio;
  const note = series.note && `, ${series.note}`;
  const label = `${words(series.matrix)} of ${run}: ${sizeText(kind.value, series)}${note}`;
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
  // A bias has only one row: it is zoomed along its columns alone.
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
    column: (column % columnsAGate) * poolColumns,
    columns: series.columns,
    x: event.clientX,
    y: event.clientY,
  };
}

function shares(color: string): [number, number, number] {
  const { r, g, b } = rgb(color);
  return [r / 255, g / 255, b / 255];
}
