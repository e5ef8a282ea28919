/** The whole tab. */

import { useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { catalog, catalogError } from "../state/catalog";
import { areAllThere, fetchLooked, isLookedAtLoaded, letOthersFollow } from "../state/looked";
import { hasSeries, kind, openedBlocks, openPlace } from "../state/selection";
import { shownOnScreen } from "../state/shown";
import { ChangedMost } from "./compare/changed_most";
import { Empty } from "./empty";
import { Findings } from "./findings/findings";
import { Glance } from "./glance/glance";
import { Header } from "./header/header";
import { LayerTitle } from "./header/layer_title";
import { paintError } from "./heatmaps/painting";
import { Tooltip } from "./heatmaps/tooltip";
import { Help } from "./help/help";
import { Notices } from "./notices/notices";
import { nonfiniteColors } from "./parts/nonfinite_colors";
import { OnScreen } from "./parts/on_screen";
import { Spoken } from "./parts/spoken";
import { Sidebar } from "./sidebar/sidebar";
import { Unreadable } from "./unreadable";
import { VIEWS } from "./view_table";
import { viewsOf } from "./views_of";

/** The one view that says something even where no numbers of the shown kind are. */
const ALWAYS = "heatmaps";

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
  useSignalEffect(fetchLooked);
  const areOthersDue = useFirstPictures();
  const main = useRef<HTMLElement>(null);
  // Another kind has other views: the first of them is what it is about.
  const { name: shownKind } = kind.value;
  useLayoutEffect(() => main.current?.scrollTo(0, 0), [shownKind]);
  // Whoever opens a block wants to see it.
  useSignalEffect(() => {
    if (openedBlocks.value > 0) {
      requestAnimationFrame(() =>
        main.current?.querySelector(".layer-title")?.scrollIntoView({ block: "start" }),
      );
    }
  });
  const place = openPlace.value;
  const runs = shownOnScreen.value;
  const anyShown = runs.some(({ shown }) => shown.length > 0);
  const failed = runs.flatMap(({ run, shown }) =>
    shown.flatMap(({ series, loaded }) =>
      loaded.state === "failed" ? [`${run}, ${series.tag}: ${loaded.reason}`] : [],
    ),
  );
  return (
    <div
      class="dashboard"
      style={{ "--nan": nonfiniteColors.value.nan, "--infinity": nonfiniteColors.value.infinity }}
    >
      <Header />
      <Sidebar />
      <main ref={main}>
        <Unreadable />
        <Notices />
        {failed.map((text) => (
          <Fault key={text} text={text} />
        ))}
        {paintError.value !== null && <Fault text={paintError.value} />}
        {place && runs.length > 0 ? (
          <>
            <Findings />
            <Glance />
            <ChangedMost />
            <LayerTitle place={place} />
            {viewsOf(kind.value, VIEWS)
              .filter(({ name }) => anyShown || name === ALWAYS)
              .map(({ name, View }, order) => (
                <OnScreen key={name} name={name} isDue={order === 0 || areOthersDue}>
                  <View />
                </OnScreen>
              ))}
          </>
        ) : (
          <p class="quiet" data-testid="nothing-shown">
            {hasSeries.value
              ? "No run is chosen that has something to show here: choose one on the left."
              : "There is no recurrent layer to show here."}
          </p>
        )}
      </main>
      <Tooltip />
      <Help />
      <Spoken />
    </div>
  );
}

/** Whether the tab has its first pictures: nothing that is below them may take their time. */
function useFirstPictures(): boolean {
  const wereThere = useSignal(false);
  useSignalEffect(() => {
    // Once they are there nothing is left to do, whatever steps go by.
    if (wereThere.value) {
      return;
    }
    if (areAllThere.value) {
      wereThere.value = true;
    } else if (isLookedAtLoaded.value) {
      // After the frame that paints them.
      requestAnimationFrame(() => setTimeout(letOthersFollow));
    }
  });
  return wereThere.value;
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
