/** The whole tab. */

import { useSignalEffect } from "@preact/signals";
import { catalog, catalogError } from "../state/catalog";
import { openPlace, step } from "../state/selection";
import { fetchAround } from "../state/snapshots";
import { Empty } from "./empty";
import { Header } from "./header";
import { HistogramGrid } from "./histogram_grid";
import { LayerTitle } from "./layer_title";
import { paintError } from "./painting";
import { RunCard } from "./run_card";
import { shownOnScreen } from "./shown";
import { Sidebar } from "./sidebar";
import { Timelines } from "./timelines";
import { Tooltip } from "./tooltip";
import { Unreadable } from "./unreadable";

export function App() {
  const found = catalog.value;
  const error = catalogError.value;
  if (!found) {
    return error === null ? <Loading /> : <Fault text={error} />;
  }
  return (
    <>
      {error !== null && <Fault text={`${error} What is shown is what was last heard.`} />}
      {found.runs.length === 0 ? <Empty /> : <Dashboard />}
    </>
  );
}

function Dashboard() {
  useSignalEffect(() => {
    const shown = shownOnScreen.value.flatMap(({ run, shown }) =>
      shown.map(({ series }) => [run, series] as const),
    );
    if (step.value !== null) {
      fetchAround(shown, step.value);
    }
  });
  const place = openPlace.value;
  const runs = shownOnScreen.value;
  const failed = runs.flatMap(({ run, shown }) =>
    shown.flatMap(({ series, loaded }) =>
      loaded.state === "failed" ? [`${run}, ${series.tag}: ${loaded.reason}`] : [],
    ),
  );
  return (
    <div class="dashboard">
      <Header />
      <Sidebar />
      <main>
        <Unreadable />
        {failed.map((text) => (
          <Fault key={text} text={text} />
        ))}
        {paintError.value !== null && <Fault text={paintError.value} />}
        {place && runs.length > 0 ? (
          <>
            <LayerTitle place={place} />
            <div class="run-cards">
              {runs.map((run) => (
                <RunCard key={run.run} run={run} />
              ))}
            </div>
            {runs.some(({ shown }) => shown.length > 0) && (
              <>
                <HistogramGrid />
                <Timelines />
              </>
            )}
          </>
        ) : (
          <p class="quiet" data-testid="nothing-shown">
            No run is chosen that has something to show here: choose one on the left.
          </p>
        )}
      </main>
      <Tooltip />
    </div>
  );
}

function Loading() {
  return (
    <main class="empty" data-testid="loading" aria-busy="true">
      <p class="quiet">Asking TensorBoard what there is …</p>
    </main>
  );
}

function Fault({ text }: { text: string }) {
  return (
    <p class="fault banner" role="alert" data-testid="error">
      {text}
    </p>
  );
}
