/** How far back a gradient reaches, in words. */

import { pastText } from "../parts/words";
import { type ReachBack, reachBack } from "./reach_back";

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
      {found ? reachText(found, isReversed) : "no gradient at all"}
    </span>
  );
}

function reachText({ steps, isAll }: ReachBack, isReversed: boolean): string {
  return isAll
    ? `above 1 % of its peak for all ${pastText(steps, isReversed)} it`
    : `below 1 % of its peak from ${pastText(steps + 1, isReversed)} it on`;
}
