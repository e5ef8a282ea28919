/** The numbers behind a picture, as a file. For the formats, see `http_api.md`. */

import { type Parameters, routeUrl } from "./urls";

/** Numbers of a run that a route gives as a file. */
export interface Export {
  /** What they are called on screen. */
  label: string;
  run: string;
  route: "export" | "changes";
  parameters: Parameters;
}

/** Which numbers of a series. */
export interface SeriesNumbers {
  label: string;
  what: "statistics" | "histograms" | "profiles" | "heatmap";
  run: string;
  tag: string;
  /** Of which step; of all steps if none is given. */
  step?: number;
}

/** The numbers of one series. */
export function ofSeries({ label, what, run, tag, step }: SeriesNumbers): Export {
  const at = step === undefined ? {} : { step: String(step) };
  return { label, run, route: "export", parameters: { what, run, tag, ...at } };
}

/** The statistics of all series of a kind. */
export function ofKind(label: string, run: string, kind: string): Export {
  return { label, run, route: "export", parameters: { what: "kind_statistics", run, kind } };
}

/** The files that numbers are to be had as. */
export const FORMATS = ["csv", "npz"] as const;

/** Where such a file is to be had. */
export function exportUrl({ route, parameters }: Export, format: (typeof FORMATS)[number]): string {
  return routeUrl(route, { format, ...parameters });
}
