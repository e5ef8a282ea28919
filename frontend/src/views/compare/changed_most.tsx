/** What differs most from what all is compared with: a row a block, each a way to it. */

import { signal } from "@preact/signals";
import { max } from "d3-array";
import { ofChanges } from "../../api/changes";
import type { Export } from "../../api/export";
import {
  areChangesLoading,
  changes,
  changesFaults,
  type Distance,
  distanceOf,
  type PlacedChange,
  rankedBy,
  shownComparisons,
} from "../../state/changes";
import { referenceOfChanges } from "../../state/reference";
import { chooseBlock } from "../../state/selection";
import { Card } from "../parts/card";
import { RunName } from "../parts/run_name";
import { gateOf, grouped, placeText, valueText } from "../parts/words";

const SHOWN_AT_FIRST = 8;

/** The columns that the blocks can be ranked by. */
const DISTANCES: readonly { name: Distance; label: string; hint: string }[] = [
  {
    name: "relative_wasserstein",
    label: "relative distance",
    hint: "Wasserstein-1 distance as a multiple of the mean magnitude",
  },
  {
    name: "wasserstein",
    label: "Wasserstein-1",
    hint: "How far values have to be moved on average",
  },
  {
    name: "jensen_shannon",
    label: "Jensen-Shannon",
    hint: "0 for equal histograms, 1 for those that share no bin",
  },
];

const isWhole = signal(false);

export function ChangedMost() {
  if (!referenceOfChanges.value) {
    return null;
  }
  const all = changes.value;
  const shown = isWhole.value ? all : all.slice(0, SHOWN_AT_FIRST);
  const largest = max(shown, (change) => distanceOf(change, rankedBy.value) ?? 0) ?? 0;
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
              {DISTANCES.map((distance) => (
                <DistanceHeading key={distance.name} {...distance} />
              ))}
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

function DistanceHeading({ name, label, hint }: (typeof DISTANCES)[number]) {
  const isRanked = rankedBy.value === name;
  return (
    <th scope="col" aria-sort={isRanked ? "descending" : "none"}>
      <button
        type="button"
        class="rank"
        title={`${hint}; a click ranks by it`}
        data-testid={`rank-${name}`}
        onClick={() => {
          rankedBy.value = name;
        }}
      >
        {label}
        {isRanked && <span aria-hidden="true"> ▾</span>}
      </button>
    </th>
  );
}

function ChangeRow({ change, largest }: { change: PlacedChange; largest: number }) {
  const { run, series, gate } = change;
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
      {DISTANCES.map(({ name }) => (
        <DistanceCell key={name} change={change} name={name} largest={largest} />
      ))}
      <td class="quiet">
        {grouped(change.step)} against {grouped(change.other_step)}
      </td>
    </tr>
  );
}

/** A number, with a bar where the blocks are ranked by it. */
function DistanceCell({
  change,
  name,
  largest,
}: {
  change: PlacedChange;
  name: Distance;
  largest: number;
}) {
  const distance = distanceOf(change, name);
  const share = largest > 0 ? (distance ?? 0) / largest : 0;
  return (
    <td data-testid={`change-${name}`}>
      {distance === null && change.began_at_zero ? (
        <span class="quiet" title="in relation to nothing, all is infinitely far">
          began at zero
        </span>
      ) : (
        <span class="change-bar">
          {rankedBy.value === name && <i style={{ width: `${share * 100}%` }} />}
          <b>{valueText(distance ?? undefined)}</b>
        </span>
      )}
    </td>
  );
}
