/** A card of pictures of a profile: or why there are none. */

import type { ComponentChildren } from "preact";
import { closedCards } from "../../state/closed_cards";
import { Card } from "./card";
import type { ProfilesOnScreen } from "./profiled";
import { shownExports } from "./shown_exports";

interface Properties {
  /** What it is remembered by, and found by in tests. */
  name: string;
  /** Its heading. */
  title: string;
  /** What it shows, in a few words. */
  hint: ComponentChildren;
  /** What stands at the right of the heading. */
  aside?: ComponentChildren;
  /** Asks for the profiles: not done while it is closed. */
  find: () => ProfilesOnScreen;
  /** The pictures of what was found, if there is anything. */
  draw: (found: ProfilesOnScreen) => ComponentChildren;
}

const NOTHING: ProfilesOnScreen = { profiled: [], isLoading: false, faults: [] };

export function ProfileCard({ name, title, hint, aside, find, draw }: Properties) {
  const found = closedCards.value.has(name) ? NOTHING : find();
  const { profiled, isLoading, faults } = found;
  const having = new Set(profiled.map(({ series }) => series));
  const data = () => shownExports("profiles", (series) => having.has(series));
  return (
    <Card name={name} title={title} hint={hint} aside={aside} data={data} isBusy={isLoading}>
      {faults.map((text) => (
        <p class="fault" role="alert" key={text}>
          {text}
        </p>
      ))}
      {profiled.length > 0 && draw(found)}
      {profiled.length === 0 && isLoading && <p class="skeleton panel-skeleton" />}
      {profiled.length === 0 && !isLoading && faults.length === 0 && (
        <p class="quiet">Nothing of this was logged here.</p>
      )}
    </Card>
  );
}
