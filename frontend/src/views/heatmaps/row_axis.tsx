/** What stands at the left of a heatmap: its name, and the numbers of its rows. */

import type { Series } from "../../api/catalog";
import { kind } from "../../state/selection";
import { zoom } from "../../state/zoom";
import { rowsText, sizeText, words } from "../parts/words";
import { wholeTicks } from "./ticks";

const PIXELS_A_TICK = 48;

interface Properties {
  series: Series;
  height: number;
  note: string | null;
}

export function RowAxis({ series, height, note }: Properties) {
  const { scale, y } = zoom.value;
  const first = y * series.rows;
  const last = first + series.rows / scale;
  const numbers = wholeTicks(first, last - 1, height / PIXELS_A_TICK);
  const isStrip = series.rows === 1;
  return (
    <div class="row-axis" title={`${words(series.matrix)}: ${sizeText(kind.value, series)}`}>
      <span class="matrix-name">
        {words(series.matrix)}
        {!isStrip && <small>{rowsText(kind.value, series)}</small>}
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
