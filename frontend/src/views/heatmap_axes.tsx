/** What stands beside and below a heatmap: its name, its rows' and its units' numbers. */

import { ticks } from "d3-array";
import type { Series } from "../api/catalog";
import { zoom } from "../state/zoom";
import { columnWord, grouped, words } from "./words";

const PIXELS_A_TICK = 48;

/** The matrix' name, and the numbers of its rows. */
export function RowAxis({
  series,
  height,
  note,
}: {
  series: Series;
  height: number;
  note: string | null;
}) {
  const { scale, y } = zoom.value;
  const first = y * series.rows;
  const last = first + series.rows / scale;
  const numbers = wholeTicks(first, last - 1, height / PIXELS_A_TICK);
  const isStrip = series.rows === 1;
  return (
    <div
      class="row-axis"
      title={`${words(series.matrix)}: ${series.rows} × ${series.gates.length * series.units}`}
    >
      <span class="matrix-name">
        {words(series.matrix)}
        {!isStrip && <small>{rowText(series)}</small>}
        {note && <small>{note}</small>}
      </span>
      {!isStrip && (
        <span class="row-numbers">
          {numbers.map((row) => (
            <i key={row} style={{ top: `${((row + 0.5 - first) / (last - first)) * 100}%` }}>
              {row}
            </i>
          ))}
        </span>
      )}
    </div>
  );
}

/** The numbers of the units, again for each gate. */
export function UnitAxis({ series }: { series: Series }) {
  const { scale, x } = zoom.value;
  const gates = series.gates.length;
  const perGate = Math.max(2, Math.round((3 * scale) / gates) + 1);
  const marks = series.gates.flatMap((gate, place) =>
    wholeTicks(0, series.units - 1, perGate).map((unit) => {
      const column = place * series.units + unit + 0.5;
      return { key: `${gate} ${unit}`, unit, at: (column / (gates * series.units) - x) * scale };
    }),
  );
  return (
    <div class="matrix unit-axis">
      <span class="row-axis">{columnWord(series)}</span>
      <div class="names">
        {marks
          .filter(({ at }) => at >= 0 && at <= 1)
          .map(({ key, unit, at }) => (
            <i key={key} style={{ left: `${at * 100}%` }}>
              {unit}
            </i>
          ))}
      </div>
    </div>
  );
}

/** What comes in by a row, where it is known. */
const ROW_WORDS: Record<string, string> = {
  kernel: "inputs",
  recurrent_kernel: "units",
  projection: "units",
};

function rowText({ matrix, row_shape }: Series): string {
  const sizes = row_shape.map(grouped).join(" × ");
  return row_shape.length > 1 ? sizes : `${sizes} ${ROW_WORDS[matrix] ?? "rows"}`;
}

function wholeTicks(first: number, last: number, count: number): number[] {
  const found = ticks(Math.ceil(first), Math.floor(last), Math.max(1, count));
  return [...new Set(found.map(Math.round))].filter((tick) => tick >= first - 0.5 && tick <= last);
}
