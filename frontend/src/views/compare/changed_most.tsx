/** What differs most from what all is compared with: a row a block, each a way to it. */

import { signal } from "@preact/signals";
import { max } from "d3-array";
import { ofChanges } from "../../api/changes";
import type { Export } from "../../api/export";
import {
  areChangesLoading,
  changes,
  changesFaults,
  type PlacedChange,
  shownComparisons,
} from "../../state/changes";
import { referenceOfChanges } from "../../state/reference";
import { chooseBlock } from "../../state/selection";
import { Card } from "../parts/card";
import { RunName } from "../parts/run_name";
import { gateOf, grouped, placeText, valueText } from "../parts/words";

const SHOWN_AT_FIRST = 8;

const isWhole = signal(false);

export function ChangedMost() {
  if (!referenceOfChanges.value) {
    return null;
  }
  const all = changes.value;
  const shown = isWhole.value ? all : all.slice(0, SHOWN_AT_FIRST);
  const largest = max(shown, ({ relative_wasserstein: distance }) => distance ?? 0) ?? 0;
  return (
    <Card
      name="changed-most"
      title="What changed most"
      hint="blocks by the distance of their histograms; a click opens one"
      data={numbers}
      isBusy={areChangesLoading.value}
    >
      {changesFaults.value.map((text) => (
        <p class="fault" role="alert" key={text}>
          {text}
        </p>
      ))}
      {all.length === 0 && changesFaults.value.length === 0 && (
        <p class="quiet">
          {areChangesLoading.value
            ? "Comparing …"
            : "Nothing to compare: choose a second run on the left, or another step."}
        </p>
      )}
      {all.length > 0 && (
        <table class="changes" data-testid="changes">
          <thead>
            <tr>
              <th scope="col">block</th>
              <th scope="col">run</th>
              <th scope="col" title="Wasserstein-1 distance as a multiple of the mean magnitude">
                relative distance
              </th>
              <th scope="col" title="How far values have to be moved on average">
                Wasserstein-1
              </th>
              <th scope="col" title="0 for equal histograms, 1 for those that share no bin">
                Jensen-Shannon
              </th>
              <th scope="col">steps</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((change) => (
              <ChangeRow
                key={`${change.run.run} ${change.tag} ${change.gate}`}
                change={change}
                largest={largest}
              />
            ))}
          </tbody>
        </table>
      )}
      {all.length > SHOWN_AT_FIRST && (
        <button
          type="button"
          class="quiet-button"
          data-testid="all-changes"
          onClick={() => {
            isWhole.value = !isWhole.value;
          }}
        >
          {isWhole.value ? "fewer" : `all ${grouped(all.length)} blocks`}
        </button>
      )}
    </Card>
  );
}

function numbers(): Export[] {
  return shownComparisons.value.map((comparison) => ofChanges("distances", comparison));
}

function ChangeRow({ change, largest }: { change: PlacedChange; largest: number }) {
  const { run, series, gate, relative_wasserstein: distance } = change;
  return (
    <tr data-testid="change" data-gate={gate} data-matrix={series.matrix} data-layer={series.layer}>
      <td>
        <button
          type="button"
          class="link"
          onClick={() => chooseBlock(run.run, series, series.matrix)}
        >
          {gateOf(gate, series.matrix)} of {placeText(series)}
        </button>
      </td>
      <td>
        <span class="changed-run">
          <i class="swatch" style={{ "--run": run.color }} />
          <RunName run={run.run} />
        </span>
      </td>
      <td>
        <span class="change-bar">
          <i style={{ width: `${largest > 0 ? ((distance ?? 0) / largest) * 100 : 0}%` }} />
          <b data-testid="change-distance">{valueText(distance ?? undefined)}</b>
        </span>
      </td>
      <td>{valueText(change.wasserstein ?? undefined)}</td>
      <td>{valueText(change.jensen_shannon ?? undefined)}</td>
      <td class="quiet">
        {grouped(change.step)} against {grouped(change.other_step)}
      </td>
    </tr>
  );
}
