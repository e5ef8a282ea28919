/** What was not to be had, of all that is fetched again on a reload. */

import { forgetFailedComparisons } from "./compared";
import { forgetFailedHistograms } from "./histograms";
import { forgetFailedSnapshots } from "./snapshots";
import { forgetFailedStatistics } from "./statistics";
import { forgetFailedFindings } from "./thresholds";

const FORGET = [
  forgetFailedSnapshots,
  forgetFailedHistograms,
  forgetFailedStatistics,
  forgetFailedComparisons,
  forgetFailedFindings,
] as const;

/** Lets all of it be tried again; tells whether there was any. */
export function forgetFailures(): boolean {
  return FORGET.map((forget) => forget()).includes(true);
}
