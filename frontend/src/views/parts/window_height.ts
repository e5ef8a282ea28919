/** How high our window is, in CSS pixels. */

import { signal } from "@preact/signals";

export const windowHeight = signal(window.innerHeight);

window.addEventListener("resize", () => {
  windowHeight.value = window.innerHeight;
});
