/** The histograms at this step: rows are gates, columns are matrices, the runs laid over each other. */

import { max, min } from "d3-array";
import type { Bins } from "../../decode/histograms";
import { type AxesScope, axesScope } from "../../state/histogram_settings";
import { histogramAxis } from "../../state/pictures";
import { kind, step } from "../../state/selection";
import { loadedOnScreen, type Shown, shownOnScreen } from "../../state/shown";
import { nearestIndex } from "../../state/steps";
import { gateName, words } from "../parts/words";
import { Histogram, type HistogramLine } from "./histogram";
import { AXES, type Reach } from "./scales";

interface GridCell {
  gate: string;
  matrix: string;
  lines: HistogramLine[];
  reach: Reach;
}

const SCOPE_KEYS: Record<AxesScope, (cell: GridCell) => string> = {
  free: ({ gate, matrix }) => `${gate} ${matrix}`,
  matrix: ({ matrix }) => matrix,
  layer: () => "",
};

export function HistogramGrid() {
  const loaded = loadedOnScreen.value;
  const matrices = [
    ...new Set(
      shownOnScreen.value.flatMap(({ shown }) => shown.map(({ series }) => series.matrix)),
    ),
  ];
  const gates = [...new Set(loaded.flatMap(({ series }) => series.gates))];
  const cells = gates.flatMap((gate) =>
    matrices.map((matrix) => gridCell(loaded, gate, matrix, step.value ?? 0)),
  );
  const domains = sharedDomains(cells.filter(({ lines }) => lines.length > 0));
  return (
    <section class="card" aria-label="Histograms">
      <h3>
        Histograms <span class="quiet">share of values a bin, at this step</span>
      </h3>
      <div class="grid" style={{ "--columns": matrices.length }} data-testid="histograms">
        <span />
        {matrices.map((matrix) => (
          <span class="column-name" key={matrix}>
            {words(matrix)}
            <ColumnNotes loaded={loaded} matrix={matrix} />
          </span>
        ))}
        {cells.map((cell, place) => (
          <>
            {place % matrices.length === 0 && (
              <span class="gate" key={cell.gate}>
                {gateName(kind.value, cell.gate)}
              </span>
            )}
            {cell.lines.length === 0 ? (
              <span key={`${cell.gate} ${cell.matrix}`} />
            ) : (
              <Histogram
                key={`${cell.gate} ${cell.matrix}`}
                gate={cell.gate}
                matrix={cell.matrix}
                lines={cell.lines}
                domain={domains.get(SCOPE_KEYS[axesScope.value](cell)) ?? [-1, 1]}
              />
            )}
          </>
        ))}
      </div>
    </section>
  );
}

type LoadedSeries = Shown & { color: string };

/** What should be known of a matrix, of each run where not all say the same. */
function ColumnNotes({ loaded, matrix }: { loaded: readonly LoadedSeries[]; matrix: string }) {
  const having = loaded.filter(({ series }) => series.matrix === matrix);
  const notes = new Set(having.map(({ series }) => series.note));
  return (
    <>
      {(notes.size > 1 ? having : having.slice(0, 1))
        .filter(({ series }) => series.note)
        .map(({ run, color, series }) => (
          <small key={run} data-testid="column-note" title={run}>
            {notes.size > 1 && <i class="swatch" style={{ "--run": color }} />} {series.note}
          </small>
        ))}
    </>
  );
}

function gridCell(
  loaded: readonly LoadedSeries[],
  gate: string,
  matrix: string,
  wanted: number,
): GridCell {
  const found = loaded.filter(
    ({ series }) => series.matrix === matrix && series.gates.includes(gate),
  );
  const lines = found.map((shown) => histogramLine(shown, gate, wanted));
  const ends = found.map((shown) => extremes(shown, shown.series.gates.indexOf(gate)));
  const reach = {
    bins: lines.map(({ bins }) => bins),
    low: Math.min(...ends.map(([low]) => low)),
    high: Math.max(...ends.map(([, high]) => high)),
  };
  return { gate, matrix, lines, reach };
}

function histogramLine(shown: LoadedSeries, gate: string, wanted: number): HistogramLine {
  const { run, color, series, histograms } = shown;
  const index = nearestIndex(histograms.steps, wanted);
  const place = series.gates.indexOf(gate);
  const bins: Bins = AXES[histogramAxis.value].prepare(histograms.bins(index, place));
  const count = histograms.statistic(index, place, "count");
  const finite =
    count -
    histograms.statistic(index, place, "nan") -
    histograms.statistic(index, place, "positive_infinity") -
    histograms.statistic(index, place, "negative_infinity");
  return { run, color, bins, total: finite, nonfinite: (count - finite) / count };
}

/** The ends of what a gate ever held; steps at which nothing was finite have none, and are passed over. */
function extremes({ histograms }: Shown, gate: number): [number, number] {
  const low = min(histograms.steps, (_, index) => histograms.statistic(index, gate, "minimum"));
  const high = max(histograms.steps, (_, index) => histograms.statistic(index, gate, "maximum"));
  return [low ?? Number.POSITIVE_INFINITY, high ?? Number.NEGATIVE_INFINITY];
}

function sharedDomains(cells: readonly GridCell[]): Map<string, [number, number]> {
  const together = new Map<string, Reach>();
  for (const cell of cells) {
    const key = SCOPE_KEYS[axesScope.value](cell);
    const { bins, low, high } = cell.reach;
    const known = together.get(key) ?? { bins: [], low, high };
    together.set(key, {
      bins: [...known.bins, ...bins],
      low: Math.min(known.low, low),
      high: Math.max(known.high, high),
    });
  }
  const axis = AXES[histogramAxis.value];
  return new Map([...together].map(([key, reach]) => [key, axis.domain(reach)]));
}
