/** What is compared over the steps. For the meaning of each name, see `http_api.md`. */

import { StatisticsByTag } from "../decode/statistics";
import { answer } from "./answer";
import { routeUrl } from "./urls";

/** A run and what it is compared with: the series of both that are the same matrix. */
export interface OverSteps {
  run: string;
  otherRun: string;
  /** The step of the other run; null for the one next to each step. */
  otherStep: number | null;
  /** The tags of the same matrix in both. */
  pairs: readonly (readonly [string, string])[];
  /** Of how many steps at most. */
  most: number;
}

/** How far the histograms of blocks are from each other. */
export function fetchDistances(compared: OverSteps): Promise<StatisticsByTag> {
  return fetchOverSteps("distances", compared);
}

/** Between what the differences of matrices are, cell by cell. */
export function fetchDifferences(compared: OverSteps): Promise<StatisticsByTag> {
  return fetchOverSteps("differences", compared);
}

async function fetchOverSteps(route: string, compared: OverSteps): Promise<StatisticsByTag> {
  const { run, otherRun, otherStep, pairs, most } = compared;
  const response = await answer(
    routeUrl(route, {
      run,
      other_run: otherRun,
      other_step: otherStep === null ? [] : String(otherStep),
      tag: pairs.map(([tag]) => tag),
      other_tag: pairs.map(([, otherTag]) => otherTag),
      most: String(most),
    }),
  );
  return new StatisticsByTag(await response.arrayBuffer());
}
