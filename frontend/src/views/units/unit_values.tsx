/** Each unit at one time step, a bar a unit. */

import { signal } from "@preact/signals";
import { plane, planeOf, tokensOf } from "../../state/planes";
import { Card } from "../parts/card";
import { shownHeatmaps } from "../parts/shown_exports";
import { visible } from "../parts/tokens";
import { grouped } from "../parts/words";
import { lastTime } from "./last_time";
import { type RunPlanes, runPlanes, valueDomain } from "./run_planes";
import { ValueBars } from "./value_bars";

/** The chosen time step; null where the last one is looked at. */
const chosenTime = signal<number | null>(null);

export function UnitValues() {
  return (
    <Card
      name="unit_values"
      title="Units at one time step"
      hint={<Hint />}
      aside={<TimeChoice />}
      data={shownHeatmaps}
    >
      <Bars />
    </Card>
  );
}

/** The time step that is looked at, of how many, in the first run. */
function timesOf(runs: readonly RunPlanes[]): { times: number; shown: number } {
  const times = Math.max(1, ...runs.map(({ planes }) => planes?.at(0).columns ?? 0));
  const [first] = runs;
  const wanted = chosenTime.value ?? (first ? timeOf(first) : 0);
  return { times, shown: Math.min(wanted, times - 1) };
}

function Hint() {
  const runs = runPlanes();
  const [first] = runs;
  const token = first && tokensOf(first.series)[timesOf(runs).shown];
  return (
    <>
      {plane.value || "a bar a unit"}
      {token !== undefined && ` · reads ‘${visible(token)}’`}
    </>
  );
}

function TimeChoice() {
  const { times, shown } = timesOf(runPlanes());
  return (
    <>
      <label class="time-choice">
        time
        <input
          type="range"
          data-testid="time-slider"
          min={0}
          max={times - 1}
          value={shown}
          onInput={(event) => {
            chosenTime.value = event.currentTarget.valueAsNumber;
          }}
        />
        <output>
          <strong>{grouped(shown)}</strong> of {grouped(times - 1)}
        </output>
      </label>
      <button
        type="button"
        class="quiet-button"
        disabled={chosenTime.value === null}
        onClick={() => {
          chosenTime.value = null;
        }}
      >
        last
      </button>
    </>
  );
}

function Bars() {
  const domain = valueDomain();
  return (
    <div class="unit-values" data-testid="unit-values">
      {runPlanes().map((one) => {
        const time = chosenTime.value ?? timeOf(one);
        return (
          <ValueBars
            key={one.run}
            run={one.run}
            color={one.color}
            values={one.planes ? columnOf(one, time) : []}
            unitsABar={one.series.heatmaps.pool[0]}
            time={time}
            domain={domain}
          />
        );
      })}
    </div>
  );
}

function timeOf({ series, planes }: RunPlanes): number {
  return planes ? lastTime(planes.at(planeOf(series)), series.is_reversed) : 0;
}

/** The values of all units at one time step. */
function columnOf({ series, planes }: RunPlanes, time: number): number[] {
  const cells = planes?.at(planeOf(series));
  return Array.from({ length: cells?.rows ?? 0 }, (_, row) => cells?.at(row, time) ?? 0);
}
