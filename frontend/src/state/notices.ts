/** What should be known of runs beside their numbers. */

import { signal } from "@preact/signals";
import type { Notice, Run } from "../api/catalog";

/** Whether a person has opened the list of all notices. */
export const areNoticesOpen = signal(false);

/** Whether a notice says why a layer has nothing of a kind. */
export function isAbout(notice: Notice, kind: string, layer: string): boolean {
  // What is about all kinds of the whole run is about none in particular.
  return notice.kind === ""
    ? notice.layers.includes(layer)
    : notice.kind === kind && (notice.layers.length === 0 || notice.layers.includes(layer));
}

/** The notices of a run that say why a layer has nothing of a kind. */
export function noticesAbout({ notices }: Run, kind: string, layer: string): Notice[] {
  return notices.filter((notice) => isAbout(notice, kind, layer));
}
