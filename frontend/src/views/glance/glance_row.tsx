/** One matrix of a place: its name, and a cell a gate for each run. */

import { computed } from "@preact/signals";
import { interpolateRgb } from "d3-interpolate";
import { useLayoutEffect, useRef } from "preact/hooks";
import { type GlanceRow, glanceOf, glanceStatistic } from "../../state/glance";
import { isOfMatrices } from "../../state/kinds";
import {
  type ColoredRun,
  chooseBlock,
  kind,
  namesakeOf,
  openPlace,
  stepIn,
} from "../../state/selection";
import { nearestIndex } from "../../state/steps";
import { nonfiniteColors } from "../parts/nonfinite_colors";
import { darkTheme } from "../parts/theme";
import { placeText, words } from "../parts/words";
import type { GlanceScale } from "./glance_scale";
import { cellAt, type GlanceLayout } from "./layout";
import { type Inks, paintColors, paintLines, ROW_HEIGHT, type RunValues } from "./paint_row";
import { pointedBlock } from "./pointed_block";
import { valuesOf } from "./series_values";

interface Properties {
  row: GlanceRow;
  runs: readonly ColoredRun[];
  layout: GlanceLayout;
  scale: GlanceScale;
  /** Whether the row begins another place than the one above it. */
  isFirst: boolean;
}

export function GlanceRowView({ row, runs, layout, scale, isFirst }: Properties) {
  const colors = useRef<HTMLCanvasElement>(null);
  const lines = useRef<HTMLCanvasElement>(null);
  const values = runs.map(({ run }) => runValues(row, run));
  const indices = runs.map(({ run }, place) =>
    nearestIndex(values[place]?.[0]?.steps ?? [], stepIn(run) ?? 0),
  );
  const inks = themeInks.value;
  const picture = { runs: values, gates: row.gates.length, layout, scale };
  useLayoutEffect(() => {
    const context = cleared(lines.current, layout.width);
    if (context) {
      paintLines(context, picture, inks);
    }
  }, [...values, layout.width, scale, inks]);
  useLayoutEffect(() => {
    const context = cleared(colors.current, layout.width);
    if (context) {
      paintColors(context, picture, indices, inks);
    }
  }, [...values, ...indices, layout.width, scale, inks]);
  const { run: namedBy, place } = namesakeOf(row.place);
  const isOpen = openPlace.value?.meeting === row.place.meeting;
  const point = (event: PointerEvent | MouseEvent) => {
    const { left } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const found = cellAt(layout, event.clientX - left, row.gates.length);
    const run = found && runs[found.run];
    return found && run ? { row, run: run.run, gate: row.gates[found.gate] ?? "" } : null;
  };
  return (
    <div class={isFirst ? "glance-row first" : "glance-row"} data-open={isOpen}>
      <button
        type="button"
        class="glance-name"
        data-testid="glance-row"
        data-layer={place.layer}
        data-direction={place.direction}
        data-matrix={row.matrix}
        title={placeText(place)}
        onClick={() => chooseBlock(namedBy, place, row.matrix)}
      >
        <span class="name">{isFirst && placeText(place)}</span>
        {isOfMatrices(kind.value) && <span class="quiet">{words(row.matrix)}</span>}
      </button>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the button beside it opens the same, by key too. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: as above. */}
      <div
        class="glance-cells"
        style={{ width: `${layout.width}px`, height: `${ROW_HEIGHT}px` }}
        data-testid="glance-cells"
        data-layer={place.layer}
        data-matrix={row.matrix}
        onPointerMove={(event) => {
          pointedBlock.value = point(event);
        }}
        onPointerLeave={() => {
          pointedBlock.value = null;
        }}
        onClick={(event) => {
          const found = point(event);
          const own = found && row.place.members.find(({ run }) => run === found.run);
          if (own) {
            chooseBlock(own.run, own.place, row.matrix);
          }
        }}
      >
        <span aria-hidden="true">
          <canvas ref={colors} />
        </span>
        <canvas
          ref={lines}
          role="img"
          aria-label={`${glanceStatistic.value.label} of the ${words(row.matrix)} of ${placeText(place)}, a cell a gate, of ${runs.length} runs`}
        />
      </div>
    </div>
  );
}

function runValues(row: GlanceRow, run: string): RunValues {
  const series = row.series.get(run);
  const loaded = series && glanceOf(run, series);
  return loaded?.state === "ready" ? valuesOf(loaded.value, glanceStatistic.value) : null;
}

/** A canvas' context, in CSS pixels, with nothing painted. */
function cleared(canvas: HTMLCanvasElement | null, width: number): CanvasRenderingContext2D | null {
  // Painted by the processor: an emulated graphics card takes a second for so many short lines.
  const context = canvas?.getContext("2d", { willReadFrequently: true });
  if (!canvas || !context || width <= 0) {
    return null;
  }
  const ratio = window.devicePixelRatio;
  // Setting its size clears it, and takes a while: so only where it is another one.
  const size = [Math.round(width * ratio), Math.round(ROW_HEIGHT * ratio)] as const;
  if (canvas.width !== size[0] || canvas.height !== size[1]) {
    [canvas.width, canvas.height] = size;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, ROW_HEIGHT);
  return context;
}

const LIGHT = makeInks("#f4f5f7", "#f2894f", "#5b9be0", "rgb(28 33 38 / 62%)", "#eceef1");
const DARK = makeInks("#2b3036", "#c2602c", "#2f6fb5", "rgb(233 236 239 / 66%)", "#24282d");

const themeInks = computed<Inks>(() => ({
  ...(darkTheme.value ? DARK : LIGHT),
  nan: nonfiniteColors.value.nan,
}));

function makeInks(
  zero: string,
  positive: string,
  negative: string,
  line: string,
  empty: string,
): Omit<Inks, "nan"> {
  const up = interpolateRgb(zero, positive);
  const down = interpolateRgb(zero, negative);
  return {
    line,
    dot: line,
    empty,
    fill: (strength) => (strength < 0 ? down(-strength) : up(strength)),
  };
}
