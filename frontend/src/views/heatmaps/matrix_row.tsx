/** One matrix of one run: its axis, its heatmap or why there is none, and its span where it is its own. */

import { useRef } from "preact/hooks";
import type { Series } from "../../api/catalog";
import type { Cells } from "../../decode/cells";
import type { Span } from "../../paint/span";
import { colorScope } from "../../state/color_settings";
import { isLog } from "../../state/pictures";
import type { Loaded } from "../../state/resource";
import { zoom } from "../../state/zoom";
import { brief } from "../parts/words";
import { Heatmap } from "./heatmap";
import { RowAxis } from "./row_axis";

interface Properties {
  run: string;
  series: Series;
  /** Null where none was logged. */
  cells: Loaded<Cells> | null;
  /** The magnitudes that the colours run between, a gate each. */
  spans: readonly Span[];
  /** In CSS pixels. */
  height: number;
}

export function MatrixRow({ run, series, cells, spans, height }: Properties) {
  // While the next step's are on their way, the last ones stay, so that going through the steps doesn't flicker.
  const last = useRef<Cells | null>(null);
  if (cells?.state === "ready") {
    last.current = cells.value;
  }
  const shown = cells?.state === "ready" || cells?.state === "loading" ? last.current : null;
  const scope = colorScope.value;
  const note = scope === "matrix" ? spanText(spans[0]) : null;
  return (
    <>
      <div
        class="matrix"
        data-matrix={series.matrix}
        aria-busy={cells?.state === "loading" ? "true" : "false"}
      >
        <RowAxis series={series} height={height} note={note} />
        {shown ? (
          <Heatmap run={run} series={series} cells={shown} spans={spans} height={height} />
        ) : (
          <Placeholder cells={cells} height={height} />
        )}
      </div>
      {series.note && <MatrixNote text={series.note} />}
      {scope === "gate" && zoom.value.scale === 1 && (
        <GateSpans gates={series.gates} spans={spans} />
      )}
    </>
  );
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

function Placeholder({ cells, height }: Pick<Properties, "cells" | "height">) {
  const style = { height: `${height}px` };
  if (cells?.state === "loading") {
    return <p class="heatmap skeleton" style={style} />;
  }
  return (
    <p class="heatmap fault" style={style} data-testid="heatmap-error" role="alert">
      {cells?.state === "failed" ? cells.reason : "No heatmap was logged."}
    </p>
  );
}

/** Each gate's own span, below its part of the matrix. */
function GateSpans({ gates, spans }: { gates: readonly string[]; spans: readonly Span[] }) {
  return (
    <div class="matrix">
      <span class="row-axis" />
      <div class="gate-spans">
        {gates.map((gate, place) => (
          <span key={gate}>{spanText(spans[place])}</span>
        ))}
      </div>
    </div>
  );
}

function spanText(span: Span | undefined): string {
  if (!span) {
    return "";
  }
  return isLog.value ? `±${brief(span.low)} … ${brief(span.high)}` : `±${brief(span.high)}`;
}
