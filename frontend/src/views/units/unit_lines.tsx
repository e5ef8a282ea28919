/** Each unit over time, a small picture a unit, a line a sample. */

import { signal } from "@preact/signals";
import { unitOrder } from "../../state/unit_settings";
import { Card } from "../parts/card";
import { Segments } from "../parts/segments";
import { shownHeatmaps } from "../parts/shown_exports";
import { brief, grouped } from "../parts/words";
import { RunLines } from "./run_lines";
import { type RunPlanes, runPlanes, valueDomain } from "./run_planes";
import { PAGE, pageCount } from "./unit_order";

const chosenPage = signal(0);

export function UnitLines() {
  return (
    <Card
      name="unit_lines"
      title="Units over time"
      hint={<Hint />}
      aside={<Settings />}
      data={shownHeatmaps}
    >
      <Lines />
    </Card>
  );
}

function Hint() {
  const [low, high] = valueDomain();
  return (
    <>
      a line a sample; the broad one is the mean over the batch; each from {brief(low)} to{" "}
      {brief(high)}
    </>
  );
}

function Settings() {
  return (
    <>
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
      <Pages />
    </>
  );
}

function Lines() {
  const runs = runPlanes();
  const domain = valueDomain();
  const { page } = pagesOf(runs);
  return (
    <div class="unit-lines" data-testid="unit-lines">
      {runs.map((one) => (
        <RunLines key={one.run} shown={one} page={page} domain={domain} />
      ))}
    </div>
  );
}

/** How many units there are, and which page of them is shown. */
function pagesOf(runs: readonly RunPlanes[]): { units: number; pages: number; page: number } {
  const units = Math.max(1, ...runs.map(({ planes }) => planes?.at(0).rows ?? 0));
  const pages = pageCount(units);
  return { units, pages, page: Math.min(chosenPage.value, pages - 1) };
}

function Pages() {
  const { units, pages, page } = pagesOf(runPlanes());
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
