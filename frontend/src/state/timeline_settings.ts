/** What a person can set about timelines. */

import { signal } from "@preact/signals";

/** How the axes of timelines run: automatic, by how far the numbers reach, or one of the others. */
export type TimelineScale = "automatic" | "linear" | "log";

export const timelineScale = signal<TimelineScale>("automatic");

/** The first and the last step that timelines reach over; null for all steps. */
export const timelineRange = signal<readonly [number, number] | null>(null);
