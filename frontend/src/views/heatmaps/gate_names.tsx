/** The gates' names, each over its own part of the matrices, and what is wrong in it at this step. */

import { kind } from "../../state/selection";
import type { ShownRun, ShownSeries } from "../../state/shown";
import { nearestIndex } from "../../state/steps";
import { zoom } from "../../state/zoom";
import { gateName, gateOf, percent, words } from "../parts/words";
import { stepOf } from "./card_cells";

interface Properties {
  run: ShownRun;
  /** At least one; all have the same gates. */
  shown: readonly ShownSeries[];
}

export function GateNames({ run, shown }: Properties) {
  const { scale, x } = zoom.value;
  const step = stepOf(run);
  const gates = shown[0]?.series.gates ?? [];
  const isNamed = gates.some((gate) => gateName(kind.value, gate) !== "");
  const isWhole = shown.every(({ loaded }) =>
    gates.every((_, gate) => nonfiniteShares({ loaded }, gate, step).length === 0),
  );
  return !isNamed && isWhole ? null : (
    <div class="matrix gate-names">
      <span class="row-axis" />
      <div class="names">
        {gates.map((gate, place) => {
          const left = (place / gates.length - x) * scale;
          const right = left + scale / gates.length;
          // While only a part of a gate is seen, its name stays over that part.
          const from = Math.max(0, left);
          const width = Math.min(1, right) - from;
          // What is shown of gates lies side by side, so that a badge makes all of them higher.
          return (
            width > 0.02 && (
              <span
                key={gate}
                class="gate"
                data-testid="gate-name"
                style={{ width: `${width * 100}%` }}
              >
                <span class="gate-text" title={gate}>
                  {gateName(kind.value, gate)}
                </span>
                <GateBadges shown={shown} gate={place} name={gate} step={step} />
              </span>
            )
          );
        })}
      </div>
    </div>
  );
}

function GateBadges({
  shown: all,
  gate,
  name,
  step,
}: Pick<Properties, "shown"> & { gate: number; name: string; step: number }) {
  return (
    <>
      {all.flatMap((shown) =>
        nonfiniteShares(shown, gate, step).map(({ word, share }) => (
          <span
            class="badge"
            key={`${shown.series.tag} ${word}`}
            data-testid="gate-nonfinite"
            data-gate={name}
            data-matrix={shown.series.matrix}
            title={`${percent(share)} of the ${gateOf(name, shown.series.matrix)} is ${word} at this step`}
          >
            {matrixText(shown.series)}
            <span class="one-piece">
              {word} {percent(share)}
            </span>
          </span>
        )),
      )}
    </>
  );
}

/** Of which matrix it is told, where there are several. */
function matrixText({ matrix, kind: own }: ShownSeries["series"]): string {
  return matrix === own ? "" : `${words(matrix)}: `;
}

/** What share of a block is NaN, and what share infinite, where there is any. */
function nonfiniteShares({ loaded }: Pick<ShownSeries, "loaded">, gate: number, step: number) {
  if (loaded.state !== "ready") {
    return [];
  }
  const statistics = loaded.value;
  const index = nearestIndex(statistics.steps, step);
  const count = statistics.statistic(index, gate, "count");
  const infinities =
    statistics.statistic(index, gate, "positive_infinity") +
    statistics.statistic(index, gate, "negative_infinity");
  return [
    { word: "NaN", share: statistics.statistic(index, gate, "nan") / count },
    { word: "inf", share: infinities / count },
  ].filter(({ share }) => share > 0);
}
