/** The numbers of one series. */

import { Histograms } from "../decode/histograms";
import { Joint } from "../decode/joint";
import { Planes } from "../decode/planes";
import { Profiles } from "../decode/profiles";
import { StatisticsByTag } from "../decode/statistics";
import { answer } from "./answer";
import { fetchPacked } from "./heatmap_thread";
import { routeUrl } from "./urls";

/** Which statistics are meant. */
export interface StatisticsName {
  run: string;
  kind: string;
  /** The series; all of the kind if none is named. */
  tags: readonly string[];
  /** The names of the statistics; all that were logged if none is named. */
  names: readonly string[];
  /** Of how many steps at most, first and last among them. */
  most: number;
}

/** Statistics of some series of one run. */
export async function fetchStatistics(name: StatisticsName): Promise<StatisticsByTag> {
  const { run, kind, tags, names, most } = name;
  const response = await answer(
    routeUrl("statistics", {
      run,
      kind,
      tag: tags,
      names: names.length > 0 ? names.join(",") : [],
      most: String(most),
    }),
  );
  return new StatisticsByTag(await response.arrayBuffer());
}

/** All snapshots' histograms and statistics of one series. */
export async function fetchHistograms(run: string, tag: string): Promise<Histograms> {
  const response = await answer(routeUrl("histograms", { run, tag }));
  return new Histograms(await response.arrayBuffer());
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
  return Planes.from(await fetchPacked(routeUrl("heatmap", parameters), signal));
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
  const response = await answer(routeUrl("joint", parameters), signal);
  return new Joint(await response.arrayBuffer());
}
