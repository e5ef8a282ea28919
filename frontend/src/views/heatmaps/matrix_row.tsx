/** One matrix of one run: its axis, its heatmap or why there is none, and its span where it is its own. */

import { useRef } from "preact/hooks";
import type { Series } from "../../api/catalog";
import type { Cells } from "../../decode/cells";
import type { Span } from "../../paint/span";
import { colorRange } from "../../state/color_settings";
import { isLog } from "../../state/pictures";
import type { Loaded } from "../../state/resource";
import { scopeOfColors } from "../../state/spans";
import type { Order } from "../../state/unit_order";
import { isZoomed } from "../../state/zoom";
import { brief } from "../parts/words";
import { Heatmap } from "./heatmap";
import { RowAxis } from "./row_axis";

interface Properties {
  run: string;
  series: Series;
  /** Null where none was logged. */
  cells: Loaded<Cells> | null;
  /** What is taken from them; null where nothing is. */
  minus: Loaded<Cells> | null;
  order: Order;
  /** The magnitudes that the colours run between, a gate each: those of the values, and those of their differences. */
  spans: readonly Span[];
  differenceSpans: readonly Span[];
  /** In CSS pixels. */
  height: number;
}

export function MatrixRow(properties: Properties) {
  const { run, series, cells, minus, order, height } = properties;
  const shown = useLastPair(cells, minus);
  const isDifference = shown !== null && shown.minus !== null;
  const spans = isDifference ? properties.differenceSpans : properties.spans;
  const isBusy = cells?.state === "loading" || minus?.state === "loading";
  // By hand, all have the range that stands at the bar of colours.
  const scope = colorRange.value === "manual" ? "runs" : scopeOfColors();
  const note = scope === "matrix" ? spanText(spans[0], isDifference) : null;
  return (
    <>
      <div class="matrix" data-matrix={series.matrix} aria-busy={isBusy ? "true" : "false"}>
        <RowAxis series={series} order={order} height={height} note={note} />
        {shown ? (
          <Heatmap
            run={run}
            laid={{ series, cells: shown.cells, order }}
            minus={shown.minus}
            spans={spans}
            height={height}
          />
        ) : (
          <Placeholder
            failed={failureOf(cells) ?? failureOf(minus)}
            isBusy={isBusy}
            height={height}
          />
        )}
      </div>
      {series.note && <MatrixNote text={series.note} />}
      {scope === "gate" && !isZoomed.value && (
        <GateSpans gates={series.gates} spans={spans} isDifference={isDifference} />
      )}
    </>
  );
}

/** Cells, and what is taken from them. */
interface Pair {
  cells: Cells;
  minus: Cells | null;
}

/**
 * What is painted; null where there is nothing.
 *
 * While the next step's are on their way, the last ones stay, so that going through the steps doesn't flicker.
 */
function useLastPair(cells: Loaded<Cells> | null, minus: Loaded<Cells> | null): Pair | null {
  const last = useRef<Pair | null>(null);
  if (cells === null || failureOf(cells) !== null || failureOf(minus) !== null) {
    return null;
  }
  if (cells.state === "ready" && minus?.state !== "loading") {
    const taken = minus?.state === "ready" ? minus.value : null;
    last.current = { cells: cells.value, minus: taken };
  }
  return last.current;
}

function failureOf(loaded: Loaded<Cells> | null): string | null {
  return loaded?.state === "failed" ? loaded.reason : null;
}

/** What should be known of a matrix: below it, since its name has little room. */
function MatrixNote({ text }: { text: string }) {
  return (
    <div class="matrix">
      <span class="row-axis" />
      <p class="matrix-note" data-testid="matrix-note">
        {text}
      </p>
    </div>
  );
}

function Placeholder({
  failed,
  isBusy,
  height,
}: {
  failed: string | null;
  isBusy: boolean;
  height: number;
}) {
  const style = { height: `${height}px` };
  if (isBusy && failed === null) {
    return <p class="heatmap skeleton" style={style} />;
  }
  return (
    <p class="heatmap fault" style={style} data-testid="heatmap-error" role="alert">
      {failed ?? "No heatmap was logged."}
    </p>
  );
}

/** Each gate's own span, below its part of the matrix. */
function GateSpans({
  gates,
  spans,
  isDifference,
}: {
  gates: readonly string[];
  spans: readonly Span[];
  isDifference: boolean;
}) {
  return (
    <div class="matrix">
      <span class="row-axis" />
      <div class="gate-spans">
        {gates.map((gate, place) => (
          <span key={gate}>{spanText(spans[place], isDifference)}</span>
        ))}
      </div>
    </div>
  );
}

function spanText(span: Span | undefined, isDifference: boolean): string {
  if (!span) {
    return "";
  }
  const text = isLog.value ? `±${brief(span.low)} … ${brief(span.high)}` : `±${brief(span.high)}`;
  return isDifference ? `Δ ${text}` : text;
}
