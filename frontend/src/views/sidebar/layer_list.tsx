/** The recurrent layers, their directions and their stacked cells. */

import { group } from "d3-array";
import type { Series } from "../../api/catalog";
import { areUnknown } from "../../state/columns";
import { findings, holdsNow } from "../../state/findings";
import { isFrozen } from "../../state/frozen";
import { isOfMatrices, unitsOf } from "../../state/kinds";
import type { OpenablePlace } from "../../state/openable";
import { type Place, placeKey } from "../../state/places";
import { choosePlace, kinds, openPlace, places } from "../../state/selection";
import { findingText } from "../parts/finding_text";
import { nonfiniteText } from "../parts/words";

export function LayerList() {
  const layers = group(places.value, ({ layer }) => layer);
  return (
    <section aria-label="Layers">
      <h2>Layers</h2>
      <ul class="list" data-testid="layers">
        {[...layers].map(([layer, parts]) =>
          parts.length === 1 && parts[0] && parts[0].direction === null ? (
            <LayerRow key={layer} place={parts[0]} text={layer} />
          ) : (
            <li key={layer}>
              <span class="row parent" title={layer}>
                <span class="name">{layer}</span>
              </span>
              <ul class="list nested">
                {parts.map((place) => (
                  <LayerRow key={placeKey(place)} place={place} text={partName(place, parts)} />
                ))}
              </ul>
            </li>
          ),
        )}
      </ul>
    </section>
  );
}

function LayerRow({ place, text }: { place: OpenablePlace; text: string }) {
  const open = openPlace.value;
  const all = [...place.weights, ...place.series];
  const [first] = all;
  const nonfinite = place.series.flatMap((series) =>
    series.nonfinite.map((one) => nonfiniteText(one, series.matrix)),
  );
  const found = findings.value
    .filter(({ series, finding }) => placeKey(series) === placeKey(place) && holdsNow(finding))
    .map(({ series, finding }) => findingText(series, finding));
  const faults = [...nonfinite, ...new Set(found)];
  return (
    <li>
      <button
        type="button"
        class="row"
        title={place.layer}
        data-testid="layer"
        data-layer={place.layer}
        data-direction={place.direction}
        aria-pressed={open !== null && placeKey(open) === placeKey(place)}
        onClick={() => choosePlace(place)}
      >
        <span class="name">{text}</span>
        {faults.length > 0 && (
          <span
            class={nonfinite.length > 0 ? "badge" : "badge mild"}
            data-testid={nonfinite.length > 0 ? "layer-nonfinite" : "layer-findings"}
            title={faults.join("\n")}
          >
            !<span class="hidden-text">{faults.join("; ")}</span>
          </span>
        )}
        <span class="quiet">
          {isFrozen(place.weights) && "frozen · "}
          {first?.cell} {unitText(all)}
        </span>
      </button>
    </li>
  );
}

/** How many units a place has, where that is known. */
function unitText(all: readonly Series[]): number | null {
  const [first] = all;
  const own = first && kinds.value.find(({ name }) => name === first.kind);
  if (!own || (isOfMatrices(own) && areUnknown(all))) {
    return null;
  }
  return unitsOf(own, first);
}

function partName({ direction, index }: Place, parts: readonly Place[]): string {
  const isStack = parts.some((part) => part.index > 0);
  return [direction, isStack ? `cell ${index}` : null].filter(Boolean).join(", ");
}
