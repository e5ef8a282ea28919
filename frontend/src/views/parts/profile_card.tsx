/** A card of pictures of a profile: or why there are none. */

import type { ComponentChildren } from "preact";
import type { ProfilesOnScreen } from "./profiled";

interface Properties {
  /** Its heading. */
  title: string;
  /** What it shows, in a few words. */
  hint: ComponentChildren;
  /** What stands at the right of the heading. */
  aside?: ComponentChildren;
  found: ProfilesOnScreen;
  children: ComponentChildren;
}

export function ProfileCard({ title, hint, aside, found, children }: Properties) {
  const { profiled, isLoading, faults } = found;
  return (
    <section class="card" aria-label={title} aria-busy={isLoading}>
      <h3>
        {title} <span class="quiet">{hint}</span>
        {aside && <span class="right">{aside}</span>}
      </h3>
      {faults.map((text) => (
        <p class="fault" role="alert" key={text}>
          {text}
        </p>
      ))}
      {profiled.length > 0 && children}
      {profiled.length === 0 && isLoading && <p class="skeleton panel-skeleton" />}
      {profiled.length === 0 && !isLoading && faults.length === 0 && (
        <p class="quiet">Nothing of this was logged here.</p>
      )}
    </section>
  );
}
