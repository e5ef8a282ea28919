/** What stands at the left of a heatmap: its name, and the numbers of its rows. */

import type { Series } from "../../api/catalog";
import { kind } from "../../state/selection";
import type { Order } from "../../state/unit_order";
import { zoom } from "../../state/zoom";
import { rowsText, sizeText, words } from "../parts/words";
import { kernelPlaces } from "./kernel_places";
import { wholeTicks } from "./ticks";

const PIXELS_A_TICK = 48;
const LINE_HEIGHT = 11;

interface Properties {
  series: Series;
  order: Order;
  height: number;
  note: string | null;
}

/** A text beside a row, or in the middle of some of them. */
interface Label {
  text: string;
  /** As a share of the height. */
  at: number;
}

export function RowAxis({ series, order, height, note }: Properties) {
  const isStrip = series.rows === 1;
  return (
    <div
      class={isStrip ? "row-axis strip" : "row-axis"}
      title={`${words(series.matrix)}: ${sizeText(kind.value, series)}`}
      data-testid="row-axis"
      data-matrix={series.matrix}
    >
      <span class="matrix-name">
        {words(series.matrix)}
        {isStrip ? (
          <small>1 row {note}</small>
        ) : (
          <>
            <small>{rowsText(kind.value, series)}</small>
            {note && <small>{note}</small>}
          </>
        )}
      </span>
      {!isStrip && <RowNumbers series={series} order={order} height={height} />}
    </div>
  );
}

/** By themselves, since they stay as they are while the range of the colours changes. */
function RowNumbers({ series, order, height }: Omit<Properties, "note">) {
  return (
    <span class="row-numbers" data-testid="row-numbers" data-matrix={series.matrix}>
      {labelsOf(series, order, height).map(({ text, at }) => (
        <i key={text} style={{ top: `${at * 100}%` }}>
          {text}
        </i>
      ))}
    </span>
  );
}

function labelsOf(series: Series, order: Order, height: number): Label[] {
  const { scale, y } = zoom.value;
  const [pool] = series.heatmaps.pool;
  const rows = series.rows / pool;
  const part = { top: y * rows, height: rows / scale };
  const at = (row: number) => (row - part.top) / part.height;
  const places = kernelPlaces(series, part, height);
  if (places.length > 0) {
    const every = Math.ceil((LINE_HEIGHT * places.length) / height);
    return places
      .filter((_, place) => place % every === 0)
      .map(({ first, last, text }) => ({ text: `[${text}]`, at: at((first + last) / 2) }))
      .filter((label) => label.at > 0 && label.at < 1);
  }
  if (order.rows) {
    const ticks = wholeTicks(part.top, part.top + part.height - 1, height / PIXELS_A_TICK);
    return ticks.map((row) => ({
      text: String((order.rows?.[row] ?? row) * pool),
      at: at(row + 0.5),
    }));
  }
  const first = part.top * pool;
  const count = part.height * pool;
  return wholeTicks(first, first + count - 1, height / PIXELS_A_TICK).map((row) => ({
    text: String(row),
    at: (row + 0.5 - first) / count,
  }));
}
