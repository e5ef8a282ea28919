/** How each gate went over the steps: its norm and its mean, a line a run. A click goes to a step. */

import { signal } from "@preact/signals";
import type { Statistic } from "../decode/histograms";
import { loadedOnScreen, shownOnScreen } from "./shown";
import { Timeline, type TimelineLine } from "./timeline";
import { gateName, words } from "./words";

const STATISTICS: readonly (readonly [Statistic, string])[] = [
  ["l2_norm", "L2 norm"],
  ["mean", "mean"],
];

const chosenMatrix = signal("recurrent_kernel");

export function Timelines() {
  const matrices = [
    ...new Set(
      shownOnScreen.value.flatMap(({ shown }) => shown.map(({ series }) => series.matrix)),
    ),
  ];
  const matrix = matrices.includes(chosenMatrix.value) ? chosenMatrix.value : matrices[0];
  const loaded = loadedOnScreen.value.filter(({ series }) => series.matrix === matrix);
  const gates = [...new Set(loaded.flatMap(({ series }) => series.gates))];
  return (
    <section class="card" aria-label="Timelines">
      <h3>
        Timelines <span class="quiet">click to go to a step</span>
        <fieldset class="segments small" aria-label="Matrix">
          {matrices.map((name) => (
            <button
              type="button"
              key={name}
              aria-pressed={name === matrix}
              onClick={() => {
                chosenMatrix.value = name;
              }}
            >
              {words(name)}
            </button>
          ))}
        </fieldset>
      </h3>
      <div class="grid timelines" style={{ "--columns": gates.length }} data-testid="timelines">
        <span />
        {gates.map((gate) => (
          <span class="column-name" key={gate}>
            {gateName(gate)}
          </span>
        ))}
        {STATISTICS.map(([name, text]) => {
          const rows = gates.map((gate) => timelineLines(loaded, gate, name));
          const values = rows.flat().flatMap((one) => one.points.map(({ value }) => value));
          return (
            <>
              <span class="gate" key={name}>
                {text}
              </span>
              {gates.map((gate, place) => (
                <Timeline
                  key={`${name} ${gate}`}
                  gate={gate}
                  matrix={matrix ?? ""}
                  statistic={name}
                  lines={rows[place] ?? []}
                  all={values}
                />
              ))}
            </>
          );
        })}
      </div>
    </section>
  );
}

function timelineLines(
  loaded: typeof loadedOnScreen.value,
  gate: string,
  statistic: Statistic,
): TimelineLine[] {
  return loaded
    .filter(({ series }) => series.gates.includes(gate))
    .map(({ run, color, series, histograms }) => {
      const place = series.gates.indexOf(gate);
      const points = Array.from(histograms.steps, (step, index) => ({
        step,
        value: histograms.statistic(index, place, statistic),
        isFinite:
          histograms.statistic(index, place, "nan") +
            histograms.statistic(index, place, "positive_infinity") +
            histograms.statistic(index, place, "negative_infinity") ===
          0,
      }));
      return { run, color, points };
    });
}
