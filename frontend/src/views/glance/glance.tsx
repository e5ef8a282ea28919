/** The whole model at one glance: a row a matrix, a cell a gate, all runs next to each other. */

import { max, sort } from "d3-array";
import { type Export, ofKind } from "../../api/export";
import {
  chooseGlanceStatistic,
  type GlanceOrder,
  type GlanceRow,
  type GlanceScope,
  glanceFaults,
  glanceOf,
  glanceOrder,
  glanceRows,
  glanceScope,
  glanceStatistic,
  isGlanceLoading,
  scopeOfGlance,
} from "../../state/glance";
import { STATISTICS } from "../../state/glance_statistics";
import { kind, shownRuns, stepIn } from "../../state/selection";
import { nearestIndex } from "../../state/steps";
import { Card } from "../parts/card";
import { RunName } from "../parts/run_name";
import { Segments } from "../parts/segments";
import { useWidth } from "../parts/use_width";
import { gateName, words } from "../parts/words";
import { GlanceRowView } from "./glance_row";
import { type GlanceScale, glanceScale } from "./glance_scale";
import { type GlanceLayout, glanceLayout, leftOf } from "./layout";
import { Reading } from "./reading";
import { type GateValues, valuesOf } from "./series_values";

/** As wide as the names at the left of the rows; see `.glance-name`. */
const NAME_WIDTH = 190;
/** Where names of gates as long as most are fit in smaller letters alone, in CSS pixels. */
const NARROW_CELL = 44;

export function Glance() {
  const [box, width] = useWidth<HTMLDivElement>();
  const runs = runsOfGlance();
  const rows = orderedRows(glanceRows.value);
  const gates = max(rows, (row) => row.gates.length) ?? 1;
  const layout = glanceLayout(width - NAME_WIDTH, runs.length, gates);
  const scaleOf = rowScales(rows);
  return (
    <Card
      name="glance"
      title="The whole model"
      hint="a row a matrix, a cell a gate; a click opens it"
      aside={<GlanceSettings />}
      data={numbers}
      isBusy={isGlanceLoading.value}
    >
      <Reading />
      {glanceFaults.value.map((text) => (
        <p class="fault" role="alert" key={text}>
          {text}
        </p>
      ))}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by key. */}
      <section class="glance" ref={box} tabIndex={0} aria-label="Blocks" data-testid="glance">
        <div class="glance-head" style={{ width: `${NAME_WIDTH + layout.width}px` }}>
          {runs.map(({ run, color }, place) => (
            <span
              class="glance-run"
              key={run}
              style={{
                left: `${NAME_WIDTH + leftOf(layout, place)}px`,
                width: `${layout.runWidth}px`,
                "--run": color,
              }}
            >
              <i class="swatch" />
              <RunName run={run} />
            </span>
          ))}
        </div>
        {rows.map((row, place) => (
          <>
            {!haveSameGates(rows[place - 1], row) && (
              <GateHead
                key={`${row.place.meeting} ${row.matrix} gates`}
                row={row}
                layout={layout}
              />
            )}
            <GlanceRowView
              key={`${row.place.meeting} ${row.matrix}`}
              row={row}
              runs={runs}
              layout={layout}
              scale={scaleOf(row)}
              isFirst={rows[place - 1]?.place.meeting !== row.place.meeting}
            />
          </>
        ))}
      </section>
    </Card>
  );
}

/** All statistics over all steps, of which one is shown. */
function numbers(): Export[] {
  const { name } = kind.value;
  return runsOfGlance().map(({ run }) => ofKind(`statistics of all ${words(name)}`, run, name));
}

/** The shown runs that have a row. */
function runsOfGlance() {
  return shownRuns.value.filter(({ run }) =>
    glanceRows.value.some(({ series }) => series.has(run)),
  );
}

function GlanceSettings() {
  return (
    <>
      <select
        aria-label="Statistic"
        data-testid="glance-statistic"
        value={glanceStatistic.value.name}
        onChange={(event) => chooseGlanceStatistic(event.currentTarget.value)}
      >
        {STATISTICS.map(({ name, label }) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </select>
      <Segments<GlanceOrder>
        label="Order of the rows"
        name="glance-order"
        options={[
          ["model", "model order"],
          ["value", "largest first"],
        ]}
        value={glanceOrder.value}
        onChoose={(order) => {
          glanceOrder.value = order;
        }}
      />
      <Segments<GlanceScope>
        label="Colours"
        name="glance-scope"
        options={[
          ["row", "colours by row"],
          ["all", "of all rows"],
        ]}
        value={scopeOfGlance.value}
        onChoose={(scope) => {
          glanceScope.value = scope;
        }}
      />
    </>
  );
}

/** The names of the gates, above the rows that have them. */
function GateHead({ row, layout }: { row: GlanceRow; layout: GlanceLayout }) {
  const cell = layout.runWidth / row.gates.length;
  return (
    <div
      class={cell < NARROW_CELL ? "glance-gates narrow" : "glance-gates"}
      style={{ width: `${NAME_WIDTH + layout.width}px` }}
    >
      {Array.from({ length: layout.runs }, (_, run) =>
        row.gates.map((gate, place) => (
          <span
            key={`${run} ${gate}`}
            title={gate}
            style={{
              left: `${NAME_WIDTH + leftOf(layout, run) + place * cell}px`,
              width: `${cell}px`,
            }}
          >
            {gateName(kind.value, gate)}
          </span>
        )),
      )}
    </div>
  );
}

function haveSameGates(one: GlanceRow | undefined, other: GlanceRow): boolean {
  return one !== undefined && one.gates.join() === other.gates.join();
}

/** All values of a row that are there. */
function rowValues(row: GlanceRow): { run: string; values: GateValues[] }[] {
  return [...row.series].flatMap(([run, series]) => {
    const loaded = glanceOf(run, series);
    return loaded.state === "ready"
      ? [{ run, values: valuesOf(loaded.value, glanceStatistic.value) }]
      : [];
  });
}

function orderedRows(rows: readonly GlanceRow[]): readonly GlanceRow[] {
  return glanceOrder.value === "model" ? rows : sort(rows, (row) => -largestNow(row));
}

/** The largest magnitude of a row at the shown step; what isn't finite comes before all others. */
function largestNow(row: GlanceRow): number {
  const all = rowValues(row).flatMap(({ run, values }) =>
    values.map((own) => own.values[nearestIndex(own.steps, stepIn(run) ?? 0)] ?? 0),
  );
  return (
    max(all, (value) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : Math.abs(value))) ?? 0
  );
}

/** The scale of each row: its own, or that of all. */
function rowScales(rows: readonly GlanceRow[]): (row: GlanceRow) => GlanceScale {
  const { isShare } = glanceStatistic.value;
  const valuesOfRow = (row: GlanceRow) => rowValues(row).flatMap(({ values }) => values);
  if (scopeOfGlance.value === "all") {
    const scale = glanceScale(rows.flatMap(valuesOfRow), isShare);
    return () => scale;
  }
  return (row) => glanceScale(valuesOfRow(row), isShare);
}
