/** What was not to be had, of all that is fetched again on a reload. */

import { forgetFailedChanges } from "./changes";
import { forgetFailedComparisons } from "./compared";
import { forgetFailedHistograms } from "./histograms";
import { forgetFailedJoints } from "./joints";
import { forgetFailedSnapshots } from "./snapshots";
import { forgetFailedStatistics } from "./statistics";
import { forgetFailedFindings } from "./thresholds";

const FORGET = [
  forgetFailedSnapshots,
  forgetFailedHistograms,
  forgetFailedStatistics,
  forgetFailedComparisons,
  forgetFailedChanges,
  forgetFailedJoints,
  forgetFailedFindings,
] as const;

/** Lets all of it be tried again; tells whether there was any. */
export function forgetFailures(): boolean {
  return FORGET.map((forget) => forget()).includes(true);
}
