/** Each unit over time, a small picture a unit, a line a sample. */

import { signal } from "@preact/signals";
import { unitOrder } from "../../state/unit_settings";
import { Segments } from "../parts/segments";
import { brief, grouped } from "../parts/words";
import { RunLines } from "./run_lines";
import { runPlanes, valueDomain } from "./run_planes";
import { PAGE, pageCount } from "./unit_order";

const chosenPage = signal(0);

export function UnitLines() {
  const runs = runPlanes();
  const domain = valueDomain();
  const units = Math.max(1, ...runs.map(({ planes }) => planes?.at(0).rows ?? 0));
  const page = Math.min(chosenPage.value, pageCount(units) - 1);
  return (
    <section class="card" aria-label="Units over time">
      <h3>
        Units over time{" "}
        <span class="quiet">
          a line a sample; the broad one is the mean over the batch; each from {brief(domain[0])} to{" "}
          {brief(domain[1])}
        </span>
        <span class="right">
          <Segments
            label="Order of the units"
            name="unit-order"
            options={[
              ["unit", "as stored"],
              ["largest", "largest first"],
            ]}
            value={unitOrder.value}
            onChoose={(order) => {
              unitOrder.value = order;
            }}
          />
          <Pages page={page} units={units} />
        </span>
      </h3>
      <div class="unit-lines" data-testid="unit-lines">
        {runs.map((one) => (
          <RunLines key={one.run} shown={one} page={page} domain={domain} />
        ))}
      </div>
    </section>
  );
}

function Pages({ page, units }: { page: number; units: number }) {
  const pages = pageCount(units);
  const go = (by: number) => () => {
    chosenPage.value = page + by;
  };
  return pages < 2 ? null : (
    <span class="pages">
      <button
        type="button"
        class="quiet-button"
        aria-label="Units before"
        disabled={page === 0}
        onClick={go(-1)}
      >
        ‹
      </button>
      {grouped(page * PAGE + 1)} to {grouped(Math.min(units, (page + 1) * PAGE))} of{" "}
      {grouped(units)}
      <button
        type="button"
        class="quiet-button"
        aria-label="Units after"
        data-testid="units-after"
        disabled={page === pages - 1}
        onClick={go(1)}
      >
        ›
      </button>
    </span>
  );
}
