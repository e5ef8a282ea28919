/** What rules find with other thresholds. For the meaning of each name, see `http_api.md`. */

import { answer } from "./answer";
import type { Finding } from "./catalog";
import { routeUrl } from "./urls";

/** What was found, by the tag of the series; and of which series it is not known. */
export interface FoundAnew {
  findings: Record<string, Finding[]>;
  unreadable: Record<string, string>;
}

/** Asks what some rules would have found in a run with these thresholds. */
export async function fetchFindings(
  run: string,
  thresholds: ReadonlyMap<string, number>,
): Promise<FoundAnew> {
  const parameters = {
    run,
    rule: [...thresholds.keys()],
    threshold: [...thresholds.values()].map(String),
  };
  return (await (await answer(routeUrl("findings", parameters))).json()) as FoundAnew;
}
