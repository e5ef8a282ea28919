/** The numbers of one series. */

import { Histograms } from "../decode/histograms";
import { Joint } from "../decode/joint";
import { Planes } from "../decode/planes";
import { Profiles } from "../decode/profiles";
import { StatisticsByTag } from "../decode/statistics";
import { answer } from "./answer";
import { fetchPacked } from "./reading_thread";
import { type Parameters, routeUrl } from "./urls";

/** Which statistics are meant. */
export interface StatisticsName extends StepsName {
  run: string;
  kind: string;
  /** The series; all of the kind if none is named. */
  tags: readonly string[];
  /** The names of the statistics; all that were logged if none is named. */
  names: readonly string[];
}

/** Statistics of some series of one run. */
export async function fetchStatistics(
  name: StatisticsName,
  priority: RequestPriority = "auto",
): Promise<StatisticsByTag> {
  const { run, kind, tags, names } = name;
  const response = await answer(
    routeUrl("statistics", {
      run,
      kind,
      tag: tags,
      names: names.length > 0 ? names.join(",") : [],
      ...stepArguments(name),
    }),
    { priority },
  );
  return new StatisticsByTag(await response.arrayBuffer());
}

/** Which steps of a series are meant. */
export interface StepsName {
  /** The first and the last one; null for all. */
  part: readonly [number, number] | null;
  /** How many of them at most, first and last among them; null for all. */
  most: number | null;
}

/** Histograms and statistics of one series. */
export async function fetchHistograms(
  run: string,
  tag: string,
  steps: StepsName,
  signal?: AbortSignal,
): Promise<Histograms> {
  return new Histograms(
    await fetchPacked("histograms", { run, tag, ...stepArguments(steps) }, signal),
  );
}

function stepArguments({ part, most }: StepsName): Parameters {
  return {
    ...(part && { from: String(part[0]), to: String(part[1]) }),
    ...(most !== null && { most: String(most) }),
  };
}

/** All snapshots' profiles of one series. */
export async function fetchProfiles(run: string, tag: string): Promise<Profiles> {
  const response = await answer(routeUrl("profiles", { run, tag }));
  return new Profiles(await response.arrayBuffer());
}

/** Which heatmap is meant; the wall time tells it from one of an earlier training in the same place. */
export interface HeatmapName {
  run: string;
  tag: string;
  step: number;
  wallTime: number;
}

/** The cells of one snapshot. */
export async function fetchHeatmap(name: HeatmapName, signal: AbortSignal): Promise<Planes> {
  const { run, tag, step, wallTime } = name;
  const parameters = { run, tag, step: String(step), wall_time: String(wallTime) };
  return Planes.from(await fetchPacked("heatmap", parameters, signal));
}

/** Which two-dimensional histogram is meant: the series along its x and its y axis, and the gate. */
export interface JointName {
  run: string;
  tag: string;
  otherTag: string;
  step: number;
  gate: string;
}

/** Two matrices cell by cell. */
export async function fetchJoint(name: JointName, signal: AbortSignal): Promise<Joint> {
  const { run, tag, otherTag, step, gate } = name;
  const parameters = { run, tag, other_tag: otherTag, step: String(step), gate };
  const response = await answer(routeUrl("joint", parameters), { signal });
  return new Joint(await response.arrayBuffer());
}
