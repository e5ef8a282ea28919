/** The numbers behind a picture, as a file. For the formats, see `http_api.md`. */

import { routeUrl } from "./urls";

/** What is in the file. */
export interface Export {
  /** What it is called on screen. */
  label: string;
  what: "statistics" | "histograms" | "profiles" | "heatmap";
  run: string;
  tag: string;
  /** Of which step; of all steps if none is given. */
  step?: number;
}

/** The files that numbers are to be had as. */
export const FORMATS = ["csv", "npz"] as const;

/** Where such a file is to be had. */
export function exportUrl(
  { what, run, tag, step }: Export,
  format: (typeof FORMATS)[number],
): string {
  const parameters = { format, what, run, tag };
  return routeUrl(
    "export",
    step === undefined ? parameters : { ...parameters, step: String(step) },
  );
}
