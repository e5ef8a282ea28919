/** How each gate went over the steps, a row a statistic, a line a run. A click goes to a step. */

import { signal } from "@preact/signals";
import { kind } from "../../state/selection";
import { loadedOnScreen, shownOnScreen } from "../../state/shown";
import { type TimelineScale, timelineScale } from "../../state/timeline_settings";
import { Segments } from "../parts/segments";
import { Timeline } from "../parts/timeline";
import { statisticsOf, timelineLines } from "../parts/timeline_lines";
import { needLog } from "../parts/vertical_axis";
import { gateName, statisticName, words } from "../parts/words";
import { isShown, offered, show } from "./statistics";

const chosenMatrix = signal("recurrent_kernel");

const SCALES: readonly (readonly [TimelineScale, string])[] = [
  ["automatic", "automatic"],
  ["linear", "linear"],
  ["log", "log"],
];

export function Timelines() {
  const matrices = [
    ...new Set(
      shownOnScreen.value.flatMap(({ shown }) => shown.map(({ series }) => series.matrix)),
    ),
  ];
  const matrix = matrices.includes(chosenMatrix.value) ? chosenMatrix.value : matrices[0];
  const loaded = loadedOnScreen.value.filter(({ series }) => series.matrix === matrix);
  const gates = [...new Set(loaded.flatMap(({ series }) => series.gates))];
  const statistics = offered(statisticsOf(loaded));
  return (
    <section class="card" aria-label="Timelines">
      <h3>
        Timelines <span class="quiet">click to go to a step</span>
        <span class="right">
          {matrices.length > 1 && (
            <Segments
              label="Matrix"
              options={matrices.map((name) => [name, words(name)])}
              value={matrix}
              onChoose={(name) => {
                chosenMatrix.value = name;
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
        </span>
      </h3>
      <fieldset class="chips" aria-label="Statistics">
        {statistics.map((name) => (
          <button
            type="button"
            key={name}
            data-testid={`statistic-${name}`}
            aria-pressed={isShown(name)}
            onClick={() => show(name, !isShown(name))}
          >
            {statisticName(name)}
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
          <StatisticRow key={name} loaded={loaded} gates={gates} matrix={matrix} name={name} />
        ))}
      </div>
    </section>
  );
}

interface RowProperties {
  loaded: typeof loadedOnScreen.value;
  gates: readonly string[];
  matrix: string | undefined;
  name: string;
}

function StatisticRow({ loaded, gates, matrix, name }: RowProperties) {
  const rows = gates.map((gate) => timelineLines(loaded, gate, name));
  const values = rows.flat().flatMap((one) => one.points.map(({ value }) => value));
  const scale = timelineScale.value;
  const isLog = scale === "automatic" ? needLog(values) : scale === "log";
  return (
    <>
      <span class="gate">{statisticName(name)}</span>
      {gates.map((gate, place) => (
        <Timeline
          key={gate}
          gate={gate}
          matrix={matrix ?? ""}
          statistic={name}
          lines={rows[place] ?? []}
          all={values}
          isLog={isLog}
        />
      ))}
    </>
  );
}
