/** The series on screen with one of their profiles. */

import type { Series } from "../../api/catalog";
import type { Profile } from "../../decode/profiles";
import { shownOnScreen, statisticsOnScreen } from "../../state/shown";
import { profilesOf } from "../../state/snapshots";

/** A series of a run with a profile that it has. */
export interface Profiled {
  run: string;
  color: string;
  series: Series;
  profile: Profile;
}

/** The profiles that are there by now, and whether others are on their way. */
export interface ProfilesOnScreen {
  profiled: Profiled[];
  isLoading: boolean;
  /** Why some are not to be had. */
  faults: string[];
}

/**
 * Asks for a profile of all series on screen that have it.
 *
 * @param name - The profile's name.
 * @param measure - A measure that only series with that profile have; none where all of the shown kind have it.
 */
export function profilesOnScreen(name: string, measure?: string): ProfilesOnScreen {
  const all = shownOnScreen.value.flatMap(({ run, color, shown }) =>
    shown.map(({ series }) => ({ run, color, series })),
  );
  const having = measure === undefined ? null : seriesWith(measure);
  const asked = all.filter(({ series }) => !having || having.has(series));
  const found = asked.map((one) => ({ ...one, profiles: profilesOf(one.run, one.series) }));
  const isLoading =
    (having !== null && all.length > statisticsOnScreen.value.length) ||
    found.some(({ profiles }) => profiles.state === "loading");
  return {
    isLoading,
    profiled: found.flatMap(({ run, color, series, profiles }) => {
      const profile = profiles.state === "ready" ? profiles.value.get(name) : null;
      return profile ? [{ run, color, series, profile }] : [];
    }),
    faults: found.flatMap(({ run, profiles }) =>
      profiles.state === "failed" ? [`${run}: ${profiles.reason}`] : [],
    ),
  };
}

/** Whether some series on screen has a measure, as far as is known by now. */
export function isMeasured(measure: string): boolean {
  const count = shownOnScreen.value.reduce((sum, { shown }) => sum + shown.length, 0);
  return count > statisticsOnScreen.value.length || seriesWith(measure).size > 0;
}

/** The series on screen that have a measure. */
function seriesWith(measure: string): Set<Series> {
  const having = statisticsOnScreen.value.filter(({ statistics }) =>
    statistics.names.includes(measure),
  );
  return new Set(having.map(({ series }) => series));
}
