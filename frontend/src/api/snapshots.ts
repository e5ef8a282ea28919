/** The numbers of one series. */

import { Histograms } from "../decode/histograms";
import { Planes } from "../decode/planes";
import { Profiles } from "../decode/profiles";
import { answer } from "./answer";
import { routeUrl } from "./urls";

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
  const response = await answer(routeUrl("heatmap", parameters), signal);
  return Planes.decode(await response.arrayBuffer());
}
