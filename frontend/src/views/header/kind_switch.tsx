/** What kind of numbers is shown: what was learnt, or what flows. */

import { inKindGroups } from "../../state/kinds";
import { chooseKind, kind, kinds } from "../../state/selection";
import { words } from "../parts/words";

export function KindSwitch() {
  return (
    <div class="kinds">
      {inKindGroups(kinds.value).map((group) => (
        <fieldset class="segments" key={group.name} aria-label={`Kind: ${group.name}`}>
          {group.kinds.map(({ name, help }) => (
            <button
              type="button"
              key={name}
              title={help}
              data-testid={`kind-${name}`}
              aria-pressed={name === kind.value.name}
              onClick={() => chooseKind(name)}
            >
              {words(name)}
            </button>
          ))}
        </fieldset>
      ))}
    </div>
  );
}
