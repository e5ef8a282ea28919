/** What the pointer is on, in words and numbers: always at the same place, so that it covers nothing. */

import { glanceOf, glanceStatistic, isReferenceMissing } from "../../state/glance";
import { shownRuns, stepIn } from "../../state/selection";
import { nearestIndex } from "../../state/steps";
import { RunName } from "../parts/run_name";
import { gateOf, grouped, percent, placeText, valueText } from "../parts/words";
import { pointedBlock } from "./pointed_block";
import { valuesOf } from "./series_values";

export function Reading() {
  const pointed = pointedBlock.value;
  const series = pointed?.row.series.get(pointed.run);
  const loaded = pointed && series ? glanceOf(pointed.run, series) : null;
  const statistic = glanceStatistic.value;
  if (isReferenceMissing.value) {
    return (
      <p class="quiet glance-reading" data-testid="glance-reference-missing">
        Choose at the top what to compare with: a run, or a step.
      </p>
    );
  }
  if (!pointed || !series || loaded?.state !== "ready") {
    return <p class="quiet glance-reading">{statistic.help}</p>;
  }
  const own = valuesOf(loaded.value, statistic)[series.gates.indexOf(pointed.gate)];
  const index = nearestIndex(own?.steps ?? [], stepIn(pointed.run) ?? 0);
  const value = own?.values[index];
  const color = shownRuns.value.find(({ run }) => run === pointed.run)?.color ?? "";
  return (
    <p class="glance-reading" data-testid="glance-reading">
      <i class="swatch" style={{ "--run": color }} /> <RunName run={pointed.run} />{" "}
      <span>
        {gateOf(pointed.gate, series.matrix)} of {placeText(series)}: {statistic.label}{" "}
        <b>{statistic.isShare ? percent(value ?? 0) : valueText(value)}</b> at step{" "}
        {grouped(own?.steps[index] ?? 0)}
      </span>
    </p>
  );
}
