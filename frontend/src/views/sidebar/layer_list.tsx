/** The recurrent layers, their directions and their stacked cells: each once for all runs that have it. */

import type { Series } from "../../api/catalog";
import { areUnknown } from "../../state/columns";
import { nonfinite as allNonfinite, findings, holdsNow } from "../../state/findings";
import { isFrozen } from "../../state/frozen";
import { isOfMatrices, unitsOf } from "../../state/kinds";
import { meetingOf } from "../../state/meetings";
import type { OpenablePlace } from "../../state/openable";
import { matching } from "../../state/patterns";
import type { Place, RunPlace } from "../../state/places";
import {
  choosePlace,
  kind,
  kinds,
  layerFilter,
  layerPattern,
  namesakeOf,
  openPlace,
  places,
} from "../../state/selection";
import { findingText } from "../parts/finding_text";
import { nonfiniteText, placeText } from "../parts/words";
import { FilterField } from "./filter_field";
import { layerGroups } from "./layer_groups";

/** A place with the run by which it is called. */
type NamedPlace = OpenablePlace & RunPlace;

export function LayerList() {
  const named = places.value.map((place) => ({ ...place, ...namesakeOf(place) }));
  const pattern = layerPattern.value;
  const listed = matching(named, pattern, namesOf);
  return named.length === 0 ? null : (
    <section aria-label="Layers">
      <h2>Layers</h2>
      <FilterField
        noun="layers"
        value={layerFilter}
        pattern={pattern}
        id={{ field: "layer-filter", fault: "layer-filter-error" }}
      />
      <ul class="list" data-testid="layers">
        {layerGroups(listed).map((parts) => (
          <LayerGroup key={parts[0]?.meeting} parts={parts} />
        ))}
      </ul>
      {listed.length === 0 && <p class="quiet">No layer matches.</p>}
    </section>
  );
}

/** How any run calls a place. */
function namesOf({ members }: OpenablePlace): string[] {
  return members.map(({ place }) => placeText(place));
}

/** A layer: one row, or its name above a row for each of its parts. */
function LayerGroup({ parts }: { parts: readonly NamedPlace[] }) {
  const [first] = parts;
  if (!first) {
    return null;
  }
  const { layer, direction } = first.place;
  return parts.length === 1 && direction === null ? (
    <LayerRow place={first} text={layer} />
  ) : (
    <li>
      <span class="row parent" title={layer}>
        <span class="name">{layer}</span>
      </span>
      <ul class="list nested">
        {parts.map((part) => (
          <LayerRow
            key={part.meeting}
            place={part}
            text={partName(
              part.place,
              parts.map(({ place }) => place),
            )}
          />
        ))}
      </ul>
    </li>
  );
}

function LayerRow({ place: named, text }: { place: NamedPlace; text: string }) {
  const { place, meeting, members } = named;
  const all = [...named.weights, ...named.series];
  const [first] = all;
  const nonfinite = allNonfinite.value
    .filter(
      ({ run, series }) =>
        series.kind === kind.value.name && meetingOf(run.run, series) === meeting,
    )
    .map((one) => nonfiniteText(one.nonfinite, one.series.matrix));
  const found = findings.value
    .filter(
      ({ run, series, finding }) => meetingOf(run.run, series) === meeting && holdsNow(finding),
    )
    .map(({ series, finding }) => findingText(series, finding));
  const faults = [...nonfinite, ...new Set(found)];
  const others = otherNames(named);
  return (
    <li>
      <button
        type="button"
        class="row"
        title={others.length > 0 ? namesByRun(members) : place.layer}
        data-testid="layer"
        data-layer={place.layer}
        data-direction={place.direction}
        aria-pressed={openPlace.value?.meeting === meeting}
        onClick={() => choosePlace(named.run, place)}
      >
        <span class="name">
          {text}
          {others.length > 0 && <small data-testid="layer-others">{others.join(", ")}</small>}
        </span>
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
          {isFrozen(named.weights) && "frozen · "}
          {first?.cell} {unitText(all)}
        </span>
      </button>
    </li>
  );
}

/** How other runs call a place. */
function otherNames({ place, ...openable }: NamedPlace): string[] {
  const names = new Set(namesOf(openable));
  names.delete(placeText(place));
  return [...names];
}

/** How each run calls a place, a line each. */
function namesByRun(members: readonly RunPlace[]): string {
  return members.map(({ run, place }) => `${run}: ${placeText(place)}`).join("\n");
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
