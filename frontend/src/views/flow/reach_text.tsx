/** How far back a gradient reaches, in words. */

import { counted } from "../parts/words";
import { reachBack } from "./reach_back";

/** What share of its peak a gradient must keep to count as reaching a time step. */
export const REACH_SHARE = 0.01;

export function ReachText({
  norms,
  isReversed,
}: {
  norms: ArrayLike<number>;
  isReversed: boolean;
}) {
  const found = reachBack(norms, isReversed, REACH_SHARE);
  return (
    <span class="quiet" data-testid="reach-back" data-steps={found?.steps}>
      {found ? reachText(found.steps, found.isAll) : "no gradient at all"}
    </span>
  );
}

function reachText(steps: number, isAll: boolean): string {
  return isAll
    ? `stays above 1 % of its peak for all ${counted(steps, "step")} back`
    : `below 1 % of its peak ${counted(steps + 1, "step")} back`;
}
