/** The recurrent layers, their directions and their stacked cells. */

import { group } from "d3-array";
import { areUnknown } from "../state/columns";
import { isFrozen } from "../state/frozen";
import type { OpenablePlace } from "../state/openable";
import { type Place, placeKey } from "../state/places";
import { choosePlace, openPlace, places } from "../state/selection";
import { findingText } from "./words";

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
  const all = [...place.series, ...place.weights];
  const [first] = all;
  const findings = place.series.flatMap(({ nonfinite, matrix }) =>
    nonfinite.map((finding) => findingText(finding, matrix)),
  );
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
        {findings.length > 0 && (
          <span class="badge" data-testid="layer-nonfinite" title={findings.join("\n")}>
            !<span class="hidden-text">{findings.join("; ")}</span>
          </span>
        )}
        <span class="quiet">
          {isFrozen(place.weights) && "frozen · "}
          {first?.cell} {!areUnknown(all) && first?.units}
        </span>
      </button>
    </li>
  );
}

function partName({ direction, index }: Place, parts: readonly Place[]): string {
  const isStack = parts.some((part) => part.index > 0);
  return [direction, isStack ? `cell ${index}` : null].filter(Boolean).join(", ");
}
