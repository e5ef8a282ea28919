/** Which blocks differ most. For the meaning of each name, see `http_api.md`. */

import { answer } from "./answer";
import type { Export } from "./export";
import { type Parameters, routeUrl } from "./urls";

/** How far a block is from the one that it is compared with. */
export interface Change {
  tag: string;
  other_tag: string;
  gate: string;
  step: number;
  other_step: number;
  began_at_zero: boolean;
  wasserstein: number | null;
  relative_wasserstein: number | null;
  jensen_shannon: number | null;
}

/** Two runs, or one at two steps, and the series of both that are the same matrix. */
export interface Comparison {
  run: string;
  step: number;
  otherRun: string;
  otherStep: number;
  pairs: readonly (readonly [string, string])[];
}

/** The blocks of two runs, those that differ most first. */
export async function fetchChanges(comparison: Comparison): Promise<Change[]> {
  const response = await answer(routeUrl("changes", parametersOf(comparison)));
  return ((await response.json()) as { blocks: Change[] }).blocks;
}

/** The same as a file. */
export function ofChanges(label: string, comparison: Comparison): Export {
  const { run } = comparison;
  return { label, run, route: "changes", parameters: parametersOf(comparison) };
}

function parametersOf({ run, step, otherRun, otherStep, pairs }: Comparison): Parameters {
  return {
    run,
    step: String(step),
    other_run: otherRun,
    other_step: String(otherStep),
    tag: pairs.map(([tag]) => tag),
    other_tag: pairs.map(([, otherTag]) => otherTag),
  };
}
