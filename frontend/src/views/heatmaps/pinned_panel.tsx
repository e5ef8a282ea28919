/** The pinned unit: what stands in its cell in all gates and runs, and how it went over the steps. */

import { max } from "d3-array";
import { WHOLE } from "../../state/columns";
import { type PinnedUnit, pinnedUnit, unpin } from "../../state/pinned_unit";
import { kind } from "../../state/selection";
import { shownOnScreen } from "../../state/shown";
import { RunName } from "../parts/run_name";
import { SaveMenu } from "../parts/save_menu";
import { cellText, words } from "../parts/words";
import { cellValues } from "./cell_values";
import { historiesOf } from "./pinned_history";
import { PinnedPlot } from "./pinned_plot";

export function PinnedPanel() {
  const pin = pinnedUnit.value;
  const series = pin && seriesOf(pin);
  if (!series) {
    return null;
  }
  const { histories, what } = historiesOf(pin);
  const largest = max(histories, ({ values }) => max(values, Math.abs)) ?? 0;
  const values = series.gates.map((gate) => ({ gate, all: cellValues({ ...pin, gate }) }));
  const runs = values[0]?.all ?? [];
  return (
    <section class="card pinned" aria-label="Pinned unit" data-testid="pinned">
      <h3>
        {words(pin.matrix)}: {cellText(kind.value, series, pin.row, pin.column)}
        <span class="quiet">{what}</span>
        <span class="right">
          <button
            type="button"
            class="quiet-button"
            data-testid="unpin"
            title="Or click the cell again, or Esc"
            onClick={unpin}
          >
            Unpin
          </button>
          <SaveMenu name="pinned" title={`Pinned unit of the ${words(pin.matrix)}`} />
        </span>
      </h3>
      <table>
        <thead>
          <tr>
            <th scope="col">{series.gates[0] === WHOLE ? "" : "gate"}</th>
            {runs.map(({ run, color }) => (
              <th scope="col" key={run}>
                <i class="swatch" style={{ "--run": color }} /> <RunName run={run} />
              </th>
            ))}
            <th scope="col">over the steps</th>
          </tr>
        </thead>
        <tbody>
          {values.map(({ gate, all }) => (
            <tr key={gate} data-testid="pinned-gate" data-gate={gate}>
              <th scope="row">{gate === WHOLE ? words(pin.matrix) : words(gate)}</th>
              {all.map(({ run, text, difference }) => (
                <td key={run} data-testid="pinned-value" data-run={run} data-gate={gate}>
                  {text} {difference !== null && <span class="difference">{difference}</span>}
                </td>
              ))}
              <td>
                <PinnedPlot
                  gate={gate}
                  histories={histories.filter((one) => one.gate === gate)}
                  largest={largest}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function seriesOf({ matrix }: PinnedUnit) {
  const all = shownOnScreen.value.flatMap(({ shown }) => shown.map(({ series }) => series));
  return all.find((one) => one.matrix === matrix) ?? null;
}
