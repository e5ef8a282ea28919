/** The numbers of one series. */

import { Cells } from "../decode/cells";
import { Histograms } from "../decode/histograms";
import { answer } from "./answer";
import { routeUrl } from "./urls";

/** All snapshots' histograms and statistics of one series. */
export async function fetchHistograms(run: string, tag: string): Promise<Histograms> {
  const response = await answer(routeUrl("histograms", { run, tag }));
  return new Histograms(await response.arrayBuffer());
}

/** Which heatmap is meant; the wall time tells it from one of an earlier training in the same place. */
export interface HeatmapName {
  run: string;
  tag: string;
  step: number;
  wallTime: number;
}

/** The cells of one snapshot. */
export async function fetchHeatmap(name: HeatmapName, signal: AbortSignal): Promise<Cells> {
  const { run, tag, step, wallTime } = name;
  const parameters = { run, tag, step: String(step), wall_time: String(wallTime) };
  const response = await answer(routeUrl("heatmap", parameters), signal);
  return Cells.decode(await response.arrayBuffer());
}
