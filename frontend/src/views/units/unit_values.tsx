/** Each unit at one time step, a bar a unit. */

import { signal } from "@preact/signals";
import { plane, planeOf, tokensOf } from "../../state/planes";
import { visible } from "../parts/tokens";
import { grouped } from "../parts/words";
import { lastTime } from "./last_time";
import { type RunPlanes, runPlanes, valueDomain } from "./run_planes";
import { ValueBars } from "./value_bars";

/** The chosen time step; null where the last one is looked at. */
const chosenTime = signal<number | null>(null);

export function UnitValues() {
  const runs = runPlanes();
  const domain = valueDomain();
  const times = Math.max(1, ...runs.map(({ planes }) => planes?.at(0).columns ?? 0));
  const [first] = runs;
  const shown = chosenTime.value ?? (first ? timeOf(first) : 0);
  const token = first && tokensOf(first.series)[shown];
  return (
    <section class="card" aria-label="Units at one time step">
      <h3>
        Units at one time step{" "}
        <span class="quiet">
          {plane.value || "a bar a unit"}
          {token !== undefined && ` · reads ‘${visible(token)}’`}
        </span>
        <span class="right">
          <label class="time-choice">
            time
            <input
              type="range"
              data-testid="time-slider"
              min={0}
              max={times - 1}
              value={Math.min(shown, times - 1)}
              onInput={(event) => {
                chosenTime.value = event.currentTarget.valueAsNumber;
              }}
            />
            <output>
              <strong>{grouped(Math.min(shown, times - 1))}</strong> of {grouped(times - 1)}
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
        </span>
      </h3>
      <div class="unit-values" data-testid="unit-values">
        {runs.map((one) => {
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
    </section>
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
