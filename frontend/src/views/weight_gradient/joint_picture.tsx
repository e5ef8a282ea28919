/** One two-dimensional histogram: a square of bins, the darker the more cells are in one. */

import { computed } from "@preact/signals";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Joint } from "../../decode/joint";
import { keyboardPointer } from "../parts/keyboard_pointer";
import { darkTheme } from "../parts/theme";
import { useWidth } from "../parts/use_width";
import { brief, counted, gateOf } from "../parts/words";
import { pixelsOf } from "./joint_bins";

const HEIGHT = 190;
const MARGINS = { left: 52, bottom: 18 };
/** Asked for once a theme, since it takes long while pictures are being made. */
const lineColor = computed(() => {
  darkTheme.value;
  return getComputedStyle(document.documentElement).getPropertyValue("--strong-line");
});

interface Properties {
  joint: Joint;
  gate: string;
  matrix: string;
  run: string;
}

interface Place {
  row: number;
  column: number;
}

export function JointPicture({ joint, gate, matrix, run }: Properties) {
  const [box, width] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pointed, setPointed] = useState<Place | null>(null);
  const isDark = darkTheme.value;
  const size = { width: Math.max(0, width - MARGINS.left), height: HEIGHT - MARGINS.bottom };
  useLayoutEffect(() => {
    if (canvas.current && size.width > 0) {
      paint(canvas.current, joint, size, isDark);
    }
  }, [joint, size.width, isDark]);
  const label = `Weights against gradients of the ${gateOf(gate, matrix)} of ${run}`;
  const placeOf = (event: PointerEvent): Place | null => {
    const { left, top } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const column = Math.floor(((event.clientX - left - MARGINS.left) / size.width) * joint.columns);
    const row = Math.floor((1 - (event.clientY - top) / size.height) * joint.rows);
    const isInside = column >= 0 && column < joint.columns && row >= 0 && row < joint.rows;
    return isInside ? { row, column } : null;
  };
  return (
    <div
      class="joint-picture"
      ref={box}
      style={{ height: `${HEIGHT}px` }}
      {...keyboardPointer(label)}
      onPointerMove={(event) => setPointed(placeOf(event))}
      onPointerLeave={() => setPointed(null)}
    >
      <canvas
        ref={canvas}
        role="img"
        aria-label={label}
        style={{ left: `${MARGINS.left}px`, width: `${size.width}px`, height: `${size.height}px` }}
      />
      <Axis edges={joint.yEdges} isVertical />
      <Axis edges={joint.xEdges} isVertical={false} />
      {pointed && (
        <div class="reading">
          weight {rangeText(joint.xEdges, pointed.column)}, gradient{" "}
          {rangeText(joint.yEdges, pointed.row)}{" "}
          <b>{counted(joint.at(pointed.row, pointed.column), "cell")}</b>
        </div>
      )}
    </div>
  );
}

/** The ends of an axis, and zero: between them it runs by decades. */
function Axis({ edges, isVertical }: { edges: Float64Array; isVertical: boolean }) {
  const last = edges[edges.length - 1] ?? 0;
  const marks = [
    { key: "low", text: `−${brief(last)}` },
    { key: "zero", text: "0" },
    { key: "high", text: brief(last) },
  ];
  return (
    <span class={isVertical ? "joint-axis vertical" : "joint-axis"} aria-hidden="true">
      {(isVertical ? [...marks].reverse() : marks).map(({ key, text }) => (
        <i key={key}>{text}</i>
      ))}
    </span>
  );
}

function rangeText(edges: Float64Array, bin: number): string {
  const [low = 0, high = 0] = [edges[bin], edges[bin + 1]];
  return low < 0 && high > 0 ? `within ±${brief(high)}` : `${brief(low)} … ${brief(high)}`;
}

/** Bins of one picture at a time, a pixel each, before they are made as large as it is. */
const bins = document.createElement("canvas");

/** Paints the bins over all of a canvas, whose own pixels are those of the screen, and lines where one is zero. */
function paint(
  canvas: HTMLCanvasElement,
  joint: Joint,
  { width, height }: { width: number; height: number },
  isDark: boolean,
): void {
  const context = canvas.getContext("2d");
  if (!context) {
    return;
  }
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.scale(ratio, ratio);
  const { rows, columns } = joint;
  [bins.width, bins.height] = [columns, rows];
  bins.getContext("2d")?.putImageData(new ImageData(pixelsOf(joint, isDark), columns, rows), 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(bins, 0, 0, width, height);
  context.strokeStyle = lineColor.value;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(width / 2, 0);
  context.lineTo(width / 2, height);
  context.moveTo(0, height / 2);
  context.lineTo(width, height / 2);
  context.stroke();
}
