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
    <p class="quiet one-line" data-testid="reach-back" data-steps={found?.steps}>
      {found ? reachText(found, isReversed) : "no gradient at all"}
    </p>
  );
}

function reachText({ peak, steps, isAll }: ReachBack, isReversed: boolean): string {
  if (!isAll) {
    return `${pastText(steps + 1, isReversed)} its peak: below 1 %`;
  }
  return steps === 0
    ? `largest at time ${peak}, where its past ends`
    : "above 1 % of its peak in all of its past";
}
