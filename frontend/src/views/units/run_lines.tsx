/** One run's units over time. */

import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Series } from "../../api/catalog";
import type { Cells } from "../../decode/cells";
import { samplesOf } from "../../state/planes";
import { markedUnit, pointedUnit } from "../../state/pointer";
import { unitOrder } from "../../state/unit_settings";
import { keyboardPointer } from "../parts/keyboard_pointer";
import { darkTheme } from "../parts/theme";
import { visible } from "../parts/tokens";
import { useWidth } from "../parts/use_width";
import { valueText } from "../parts/words";
import { cornerOf, type Layout, layoutOf, pictureAt } from "./lines_layout";
import { paintLines, type UnitCurves } from "./paint_lines";
import type { RunPlanes } from "./run_planes";
import { orderedRows, PAGE } from "./unit_order";

interface Properties {
  shown: RunPlanes;
  page: number;
  domain: readonly [number, number];
}

export function RunLines({ shown: { run, color, series, planes }, page, domain }: Properties) {
  const [box, width] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pointed, setPointed] = useState<{ place: number; time: number } | null>(null);
  const order = unitOrder.value;
  const samples = samplesOf(series);
  const matrices = planes
    ? samples.length > 0
      ? samples.map(({ plane }) => planes.at(plane))
      : planes.all
    : NONE;
  const [poolRows] = series.heatmaps.pool;
  // Decoded once for all that the pointer does.
  const units = useMemo(
    () => curvesOf(orderedRows(matrices, order).slice(page * PAGE, (page + 1) * PAGE)),
    [planes, order, page],
  );
  function curvesOf(rows: readonly number[]): UnitCurves[] {
    return rows.map((row) => ({
      unit: row * poolRows,
      samples: matrices.map((cells) => cells.row(row)),
      mean: samples.length > 1 && planes ? planes.at(0).row(row) : null,
    }));
  }
  const layout = layoutOf(units.length, width);
  const isDark = darkTheme.value;
  useLayoutEffect(
    () => paint(canvas.current, units, layout, domain, isDark),
    [units, layout.width, layout.columns, domain[0], domain[1], isDark],
  );
  const marked = units.findIndex(({ unit }) => unit === markedUnit.value);
  const ratio = window.devicePixelRatio;
  const label = `Units of ${run} over time`;
  return (
    <div class="run-lines" style={{ "--run": color }} data-testid="run-lines" data-run={run}>
      <h4>
        <i class="swatch" />
        <span class="name">{run}</span>
        {pointed && (
          <Values curves={units[pointed.place]} time={pointed.time} {...{ series, samples }} />
        )}
      </h4>
      <div
        class="lines-box"
        ref={box}
        {...keyboardPointer(label)}
        onPointerMove={(event) => {
          const { left, top } = event.currentTarget.getBoundingClientRect();
          const found = pictureAt(layout, event.clientX - left, event.clientY - top);
          const curves = found && units[found.place];
          const length = curves?.samples[0]?.length ?? 1;
          setPointed(
            curves ? { place: found.place, time: Math.round(found.share * (length - 1)) } : null,
          );
          pointedUnit.value = curves?.unit ?? null;
        }}
        onPointerLeave={() => {
          setPointed(null);
          pointedUnit.value = null;
        }}
      >
        <canvas
          ref={canvas}
          role="img"
          aria-label={label}
          width={Math.round(width * ratio)}
          height={Math.round(Math.max(0, layout.total) * ratio)}
          style={{ height: `${Math.max(0, layout.total)}px` }}
        />
        {marked >= 0 && <Outline layout={layout} place={marked} />}
      </div>
    </div>
  );
}

const NONE: readonly Cells[] = [];

function Outline({ layout, place }: { layout: Layout; place: number }) {
  const [left, top] = cornerOf(layout, place);
  const box = { left, top, width: layout.width, height: layout.height };
  const style = Object.entries(box).map(([name, pixels]) => `${name}: ${pixels}px`);
  return <span class="outlined" style={style.join("; ")} />;
}

interface ValuesProperties {
  curves: UnitCurves | undefined;
  time: number;
  series: Series;
  samples: ReturnType<typeof samplesOf>;
}

/** The values of the unit under the pointer, of each sample with what it reads there. */
function Values({ curves, time, series, samples }: ValuesProperties) {
  const [, poolColumns] = series.heatmaps.pool;
  return !curves ? null : (
    <span class="quiet values">
      unit {curves.unit}, time {time * poolColumns}
      {curves.samples.map((values, place) => {
        const token = samples[place]?.tokens[time * poolColumns];
        return (
          <span key={samples[place]?.name}>
            {token && <code>{visible(token)}</code>} <b>{valueText(values[time])}</b>
          </span>
        );
      })}
    </span>
  );
}

/** @param _isDark - The theme, which the inks are of. */
function paint(
  canvas: HTMLCanvasElement | null,
  units: readonly UnitCurves[],
  layout: Layout,
  domain: readonly [number, number],
  _isDark: boolean,
): void {
  const context = canvas?.getContext("2d");
  if (!canvas || !context) {
    return;
  }
  const style = getComputedStyle(canvas);
  const ratio = window.devicePixelRatio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.font = `10px ${style.fontFamily}`;
  paintLines(context, units, layout, domain, {
    sample: style.getPropertyValue("--run"),
    mean: style.getPropertyValue("--mean"),
    base: style.getPropertyValue("--line"),
    text: style.getPropertyValue("--quiet"),
  });
}
