/** What stands below heatmaps: the numbers of their columns, again for each gate, and what the probe reads there. */

import type { Series } from "../../api/catalog";
import { hasTime } from "../../state/kinds";
import { tokensOf } from "../../state/planes";
import { kind } from "../../state/selection";
import { zoom } from "../../state/zoom";
import { tokenRow } from "../parts/tokens";
import { useWidth } from "../parts/use_width";
import { columnWord } from "../parts/words";
import { wholeTicks } from "./ticks";

const PIXELS_A_TICK = 46;
const NUMBER_WIDTH = 18;

interface Properties {
  series: Series;
  /** The stored numbers of a gate's columns in their order, in pooled cells; null as they are stored. */
  order: Uint32Array | null;
}

export function ColumnAxis({ series, order }: Properties) {
  const [box, width] = useWidth<HTMLDivElement>();
  const { scale } = zoom.value;
  const gates = series.gates.length;
  const [, pool] = series.heatmaps.pool;
  const columns = order ? order.length : series.columns;
  const pixels = (width * scale) / (gates * columns);
  const perGate = Math.max(2, Math.round((width * scale) / gates / PIXELS_A_TICK));
  const marks = series.gates.flatMap((gate, place) =>
    wholeTicks(0, lastNumbered({ gates, columns }, place, pixels), perGate).map((column) => ({
      key: `${gate} ${column}`,
      text: order ? (order[column] ?? 0) * pool : column,
      at: placeOf({ gates, columns }, place, column),
    })),
  );
  const tokens = hasTime(kind.value) ? tokensOf(series) : [];
  return (
    <>
      <div class="matrix column-axis">
        <span class="row-axis">{columnWord(kind.value, series)}</span>
        <div class="names" ref={box} data-testid="column-numbers">
          {marks.filter(isInside).map(({ key, text, at }) => (
            <i key={key} style={{ left: `${at * 100}%` }}>
              {text}
            </i>
          ))}
        </div>
      </div>
      {tokens.length > 0 && <TokenAxis series={series} tokens={tokens} width={width} />}
    </>
  );
}

/** How many gates stand side by side, and of how many columns. */
interface Sizes {
  gates: number;
  columns: number;
}

/** The last column of a gate whose number doesn't run into the next gate's. */
function lastNumbered({ gates, columns }: Sizes, gate: number, pixels: number): number {
  const room = gate < gates - 1 ? Math.floor(NUMBER_WIDTH / Math.max(pixels, 0.01)) : 0;
  return Math.max(0, columns - 1 - room);
}

function TokenAxis({
  series,
  tokens,
  width,
}: {
  series: Series;
  tokens: readonly string[];
  width: number;
}) {
  const sizes = { gates: series.gates.length, columns: series.columns };
  const pixels = (width * zoom.value.scale) / (sizes.gates * sizes.columns);
  const row = tokenRow(tokens.slice(0, series.columns), pixels);
  const marks = series.gates.flatMap((gate, place) =>
    (row?.texts ?? []).map((text, time) => ({
      key: `${gate} ${time}`,
      text,
      at: placeOf(sizes, place, time),
    })),
  );
  return (
    <div
      class={row?.isUpright ? "matrix token-axis upright" : "matrix token-axis"}
      data-testid="tokens"
    >
      <span class="row-axis">reads</span>
      <div class="names">
        {!row && <span class="quiet">zoom in until there is room for each token</span>}
        {marks.filter(isInside).map(({ key, text, at }) => (
          <i key={key} style={{ left: `${at * 100}%` }}>
            {text}
          </i>
        ))}
      </div>
    </div>
  );
}

/** Where the middle of a column is, as a share of the width. */
function placeOf({ gates, columns }: Sizes, gate: number, column: number): number {
  const { scale, x } = zoom.value;
  return ((gate * columns + column + 0.5) / (gates * columns) - x) * scale;
}

function isInside({ at }: { at: number }): boolean {
  return at >= 0 && at <= 1;
}
