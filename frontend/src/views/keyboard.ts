/** Keys that work wherever the focus is, but in fields that need them themselves. */

import { isHelpOpen } from "../state/help";
import { togglePlaying } from "../state/playback";
import { moveStep, steps } from "../state/selection";

const FAR = 10;

const KEYS: Record<string, (event: KeyboardEvent) => void> = {
  ArrowLeft: (event) => moveStep(event.shiftKey ? -FAR : -1),
  ArrowRight: (event) => moveStep(event.shiftKey ? FAR : 1),
  Home: () => moveStep(-steps.value.length),
  End: () => moveStep(steps.value.length),
  " ": togglePlaying,
  "?": () => {
    isHelpOpen.value = true;
  },
};

const NEEDS_KEYS = 'input:not([type="range"], [type="checkbox"]), select, textarea';
const NEEDS_SPACE = 'button, summary, input[type="checkbox"]';

/** Listens for keys from now on. */
export function listenForKeys(): void {
  document.addEventListener("keydown", (event) => {
    const key = KEYS[event.key];
    const target = event.target instanceof Element ? event.target : null;
    const isTaken =
      isHelpOpen.value ||
      target?.matches(NEEDS_KEYS) ||
      (event.key === " " && target?.matches(NEEDS_SPACE));
    if (key && !isTaken && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      key(event);
    }
  });
}
