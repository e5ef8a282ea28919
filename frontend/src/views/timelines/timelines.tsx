/** How each gate went over the steps, a row a statistic, a line a run. */

import { computed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Export } from "../../api/export";
import { BASE_STATISTICS } from "../../decode/histograms";
import { kind, openMatrix } from "../../state/selection";
import { type Colored, matricesOnScreen, statisticsOnScreen } from "../../state/shown";
import type { Measured } from "../../state/spans";
import { type TimelineScale, timelineRange, timelineScale } from "../../state/timeline_settings";
import { Card } from "../parts/card";
import { Segments } from "../parts/segments";
import { shownExports } from "../parts/shown_exports";
import { ThinnedNote } from "../parts/thinned_note";
import { Timeline } from "../parts/timeline";
import { statisticsOf, type TimelineLine, timelineLines, valuesOf } from "../parts/timeline_lines";
import { timelineStatistic } from "../parts/timeline_statistics";
import { needLog } from "../parts/vertical_axis";
import { gateName, grouped, words } from "../parts/words";
import { drawnFrom, reachedBy } from "./loaded";
import { isShown, offered, show } from "./statistics";

/** The matrix of which timelines are shown. */
const matrix = computed(() =>
  matricesOnScreen.value.includes(openMatrix.value)
    ? openMatrix.value
    : (matricesOnScreen.value[0] ?? ""),
);

const SCALES: readonly (readonly [TimelineScale, string, string])[] = [
  ["automatic", "automatic", "Logarithmic where numbers are more than two decades apart"],
  ["linear", "linear", "At equal distances"],
  ["log", "log", "A line a decade, on both sides of zero where there are both signs"],
];

export function Timelines() {
  return (
    <Card
      name="timelines"
      title="Timelines"
      hint="click to go to a step, drag to zoom in"
      aside={<Settings />}
      data={numbers}
    >
      <Rows />
    </Card>
  );
}

function numbers(): Export[] {
  return shownExports("statistics", (series) => series.matrix === matrix.value);
}

function Settings() {
  return (
    <>
      <ZoomedSteps />
      {matricesOnScreen.value.length > 1 && (
        <Segments
          label="Matrix"
          options={matricesOnScreen.value.map((name) => [name, words(name)])}
          value={matrix.value}
          onChoose={(name) => {
            openMatrix.value = name;
          }}
        />
      )}
      <Segments
        label="Vertical axes"
        name="timeline-scale"
        options={SCALES}
        value={timelineScale.value}
        onChoose={(scale) => {
          timelineScale.value = scale;
        }}
      />
    </>
  );
}

/** Which steps were zoomed into, and the way back. */
function ZoomedSteps() {
  const range = timelineRange.value;
  return range === null ? null : (
    <button
      type="button"
      class="quiet-button"
      data-testid="timeline-range"
      title="Show all steps again: Esc, or a double click, does so too"
      onClick={() => {
        timelineRange.value = null;
      }}
    >
      steps {grouped(range[0])} to {grouped(range[1])} ×
    </button>
  );
}

function Rows() {
  const loaded = statisticsOnScreen.value.filter(({ series }) => series.matrix === matrix.value);
  const gates = [...new Set(loaded.flatMap(({ series }) => series.gates))];
  const statistics = offered(statisticsOf(loaded));
  return (
    <>
      <fieldset class="chips" aria-label="Statistics">
        {statistics.map((name) => (
          <button
            type="button"
            key={name}
            data-testid={`statistic-${name}`}
            aria-pressed={isShown(name)}
            onClick={() => show(name, !isShown(name))}
          >
            {timelineStatistic(name).label}
          </button>
        ))}
      </fieldset>
      <div
        class="grid timelines"
        style={{ "--columns": Math.max(1, gates.length) }}
        data-testid="timelines"
      >
        <span />
        {gates.map((gate) => (
          <span class="column-name" key={gate}>
            {gateName(kind.value, gate)}
          </span>
        ))}
        {statistics.filter(isShown).map((name) => (
          <StatisticRow key={name} gates={gates} name={name} />
        ))}
      </div>
      <TimelinesNote />
    </>
  );
}

function StatisticRow({ gates, name }: { gates: readonly string[]; name: string }) {
  const shown = matrix.value;
  const rows = useRows(drawnFrom(name), gates, name);
  // Zooming into some steps leaves the vertical axis as it is.
  const reached = useRows(reachedBy(name), gates, name);
  const values = useMemo(() => valuesOf([...rows, ...reached].flat()), [rows, reached]);
  const scale = timelineScale.value;
  const isLog = useMemo(
    () => (scale === "automatic" ? needLog(values) : scale === "log"),
    [scale, values],
  );
  return (
    <>
      <span class="gate">{timelineStatistic(name).label}</span>
      {gates.map((gate, place) => (
        <Timeline
          key={gate}
          gate={gate}
          matrix={shown}
          statistic={name}
          lines={rows[place] ?? []}
          all={values}
          isLog={isLog}
        />
      ))}
    </>
  );
}

/** The lines of each gate, in their order. */
function useRows(
  all: readonly Colored<Measured>[],
  gates: readonly string[],
  name: string,
): readonly TimelineLine[][] {
  const shown = matrix.value;
  return useMemo(() => {
    const loaded = all.filter(({ series }) => series.matrix === shown);
    return gates.map((gate) => timelineLines(loaded, gate, name));
  }, [all, shown, gates.join(), name]);
}

function TimelinesNote() {
  const thinned = drawnFrom(BASE_STATISTICS[0]).find(({ statistics }) => statistics.isThinned);
  return thinned ? (
    <ThinnedNote
      name="timelines-thinned"
      canZoom
      steps={thinned.statistics.steps}
      all={thinned.statistics.allSteps}
      range={timelineRange.value}
    />
  ) : null;
}
