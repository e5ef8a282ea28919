/** One matrix of one run: its axis, its heatmap or why there is none, and its limits where they are its own. */

import { useRef } from "preact/hooks";
import type { Series } from "../api/catalog";
import type { Cells } from "../decode/cells";
import type { Loaded } from "../state/resource";
import { colorScope } from "../state/settings";
import { zoom } from "../state/zoom";
import { Heatmap } from "./heatmap";
import { RowAxis } from "./heatmap_axes";
import { brief } from "./words";

interface Properties {
  run: string;
  series: Series;
  /** Null where none was logged. */
  cells: Loaded<Cells> | null;
  /** The magnitude at the end of the colours, a gate each. */
  limits: readonly number[];
  /** In CSS pixels. */
  height: number;
}

export function MatrixRow({ run, series, cells, limits, height }: Properties) {
  // While the next step's are on their way, the last ones stay, so that going through the steps doesn't flicker.
  const last = useRef<Cells | null>(null);
  if (cells?.state === "ready") {
    last.current = cells.value;
  }
  const shown = cells?.state === "ready" || cells?.state === "loading" ? last.current : null;
  const scope = colorScope.value;
  const note = scope === "matrix" ? `±${brief(limits[0] ?? 1)}` : null;
  return (
    <>
      <div
        class="matrix"
        data-matrix={series.matrix}
        aria-busy={cells?.state === "loading" ? "true" : "false"}
      >
        <RowAxis series={series} height={height} note={note} />
        {shown ? (
          <Heatmap run={run} series={series} cells={shown} limits={limits} height={height} />
        ) : (
          <Placeholder cells={cells} height={height} />
        )}
      </div>
      {scope === "gate" && zoom.value.scale === 1 && (
        <GateLimits gates={series.gates} limits={limits} />
      )}
    </>
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

/** Each gate's own limit, below its part of the matrix. */
function GateLimits({ gates, limits }: { gates: readonly string[]; limits: readonly number[] }) {
  return (
    <div class="matrix">
      <span class="row-axis" />
      <div class="gate-limits">
        {gates.map((gate, place) => (
          <span key={gate}>±{brief(limits[place] ?? 1)}</span>
        ))}
      </div>
    </div>
  );
}
