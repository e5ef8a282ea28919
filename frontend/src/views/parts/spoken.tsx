/** What is said to those who hear the page, while keys move over a picture. */

import { signal } from "@preact/signals";

const text = signal("");

/** Says what is read off a picture, once it stands there; nothing while the same stands there still. */
export function sayReadingOf(picture: HTMLElement): void {
  requestAnimationFrame(() => {
    const reading = picture.querySelector<HTMLElement>(".reading");
    text.value = reading?.innerText.replace(/\s+/g, " ").trim() ?? "";
  });
}

export function Spoken() {
  return (
    <p class="hidden-text" role="status" data-testid="spoken">
      {text}
    </p>
  );
}
