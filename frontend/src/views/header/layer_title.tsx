/** What is open: the layer, what it is made of, and what is shown of it. */

import { sum } from "d3-array";
import type { Kind, Series } from "../../api/catalog";
import { areUnknown } from "../../state/columns";
import { hasTime, isOfMatrices, unitsOf } from "../../state/kinds";
import type { OpenablePlace } from "../../state/openable";
import { kind, kinds, namesakeOf, openSeries, openWeights } from "../../state/selection";
import { shownOnScreen } from "../../state/shown";
import { brief, counted, gateOf, grouped, words } from "../parts/words";
import { ReversedNote } from "./reversed_note";
import { Unpaired } from "./unpaired";

export function LayerTitle({ place: open }: { place: OpenablePlace }) {
  const { place } = namesakeOf(open);
  const [run] = shownOnScreen.value;
  const weights = run ? openWeights(run) : [];
  const series = run ? openSeries(run) : [];
  // Somebody may have logged gradients, or signals, alone.
  const described = weights.length > 0 ? weights : series;
  const [first] = described;
  return (
    <div class="layer-title">
      <div class="place">
        <h2 data-testid="open-layer" title={place.layer}>
          {place.layer}
          {place.direction && <span class="direction"> {place.direction}</span>}
        </h2>
        {first && (
          <span class="quiet">
            {[first.cell, ...parameters(described), ...signals(series)].join(" · ")}
            {described.map((one) => (
              <Added key={one.tag} series={one} />
            ))}
            {isOfMatrices(kindOf(first)) && areUnknown(described) && (
              <span data-testid="unknown-gates">
                {" "}
                · gates not known: <code>register_layout()</code> tells them
              </span>
            )}
          </span>
        )}
      </div>
      <p class="quiet" data-testid="kind-help">
        <b>{words(kind.value.name)}</b> {kind.value.help}
      </p>
      <ReversedNote />
      <Unpaired />
    </div>
  );
}

function kindOf({ kind: name }: Series): Kind {
  return kinds.value.find((one) => one.name === name) ?? kind.value;
}

/** How large a cell is, by its weights, or, where they weren't logged, by whatever was. */
function parameters(all: readonly Series[]): string[] {
  const [first] = all;
  if (!first) {
    return [];
  }
  const own = kindOf(first);
  const units = unitsOf(own, first);
  const isKnown = units !== null && !(isOfMatrices(own) && areUnknown(all));
  const kernel = all.find(({ matrix }) => matrix === "kernel");
  const weights = sum(all, ({ rows, gates, columns }) => rows * gates.length * columns);
  return [
    ...(isKnown ? [counted(units, "unit")] : []),
    ...(kernel ? [inputText(kernel)] : []),
    ...(isOfMatrices(own) ? [counted(weights, "weight")] : []),
  ];
}

/** What is peculiar to signals: how long the probe is, and what they are gradients of. */
function signals([first]: readonly Series[]): string[] {
  return [
    ...(first && hasTime(kind.value) ? [counted(first.columns, "time step")] : []),
    ...(first?.of ? [`gradient of the ${first.of}`] : []),
  ];
}

/** How much comes in: inputs, or the channels of a convolution and the size of its kernel. */
function inputText({ row_shape }: Series): string {
  const sizes = row_shape.slice(0, -1).map(grouped).join(" × ");
  const inputs = `input ${grouped(row_shape.at(-1) ?? 1)}`;
  return sizes ? `${inputs} · kernel ${sizes}` : inputs;
}

/** What the cell adds to its bias, which the bias itself doesn't show. */
function Added({ series }: { series: Series }) {
  return (
    <>
      {Object.entries(series.added).map(([gate, value]) => (
        <span key={gate} data-testid="added">
          {" "}
          · the cell adds {brief(value)} to the {gateOf(gate, series.matrix)}
        </span>
      ))}
    </>
  );
}
