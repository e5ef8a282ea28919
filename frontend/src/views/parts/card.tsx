/** A card of pictures: it has a heading, and can be closed; whether it is closed is remembered. */

import type { ComponentChildren } from "preact";
import type { Export } from "../../api/export";
import { closedCards, toggleCard } from "../../state/closed_cards";
import { SaveMenu } from "./save_menu";

interface Properties {
  /** What it is remembered by, and found by in tests. */
  name: string;
  title: string;
  /** What it shows, in a few words. */
  hint?: ComponentChildren;
  /** What stands at the right of the heading. */
  aside?: ComponentChildren;
  /** The numbers behind it, to be saved: asked for once somebody wants to. */
  data?: () => readonly Export[];
  /** Whether something of it is still on its way. */
  isBusy?: boolean;
  children: ComponentChildren;
}

export function Card(properties: Properties) {
  const { name, title, hint, aside, data, isBusy = false, children } = properties;
  const isClosed = closedCards.value.has(name);
  return (
    <section class="card" aria-label={title} aria-busy={isBusy} data-testid={`card-${name}`}>
      <h3>
        <button
          type="button"
          class="card-toggle"
          aria-expanded={!isClosed}
          data-testid={`toggle-${name}`}
          onClick={() => toggleCard(name)}
        >
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <path d="M2 3l3 4 3-4" />
          </svg>
          {title}
        </button>
        {!isClosed && hint && <span class="quiet">{hint}</span>}
        {!isClosed && (
          <span class="right">
            {aside}
            <SaveMenu name={name} title={title} data={data} />
          </span>
        )}
      </h3>
      {!isClosed && children}
    </section>
  );
}
