/** One run: whether it is shown, what should be known of it, and its place among the others. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { areNoticesOpen } from "../../state/notices";
import { showRunFacts } from "../../state/run_facts";
import { areNoticesShown, type ColoredRun, showOnly, showRuns } from "../../state/selection";
import { RunName } from "../parts/run_name";
import { counted } from "../parts/words";
import { runFacts } from "./run_facts";
import { dragged, draggedOver, dropSide, moveByKey, moveTo } from "./run_moves";

export function RunRow({ run: colored, isShown }: { run: ColoredRun; isShown: boolean }) {
  const { run, color, notices } = colored;
  const box = useRef<HTMLInputElement>(null);
  const isMoving = useRef(false);
  // An element that is put elsewhere loses the focus.
  useLayoutEffect(() => {
    if (isMoving.current) {
      isMoving.current = false;
      box.current?.focus();
    }
  });
  return (
    <li
      class="run"
      data-drop={dropSide(run)}
      draggable
      onDragStart={(event) => {
        event.dataTransfer?.setData("text/plain", run);
        dragged.value = run;
      }}
      onDragOver={(event) => {
        if (dragged.value !== null) {
          event.preventDefault();
          draggedOver.value = run;
        }
      }}
      onDrop={(event) => {
        event.preventDefault();
        if (dragged.value !== null) {
          moveTo(dragged.value, run);
        }
      }}
      onDragEnd={() => {
        dragged.value = null;
        draggedOver.value = null;
      }}
    >
      <span class="run-line">
        <label class="row" data-testid="run" title={run}>
          <input
            ref={box}
            type="checkbox"
            class="swatch-box"
            style={{ "--run": color }}
            checked={isShown}
            aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
            onChange={(event) => showRuns([run], event.currentTarget.checked)}
            onKeyDown={(event) => {
              isMoving.current = moveByKey(run, event);
              if (isMoving.current) {
                event.preventDefault();
              }
            }}
          />
          <RunName run={run} />
        </label>
        <button
          type="button"
          class="quiet-button only"
          data-testid="only-run"
          data-run={run}
          aria-label={`Show only ${run}`}
          onClick={() => showOnly(run)}
        >
          only
        </button>
      </span>
      {notices.length > 0 && <NoticesMark run={run} count={notices.length} />}
      {showRunFacts.value && (
        <p class="quiet run-facts" data-testid="run-facts" data-run={run}>
          {runFacts(colored).join(" · ")}
        </p>
      )}
    </li>
  );
}

/** Says that there is something to know of a run, and opens the list of it. */
function NoticesMark({ run, count }: { run: string; count: number }) {
  const text = counted(count, "notice");
  return (
    <button
      type="button"
      class="badge mild"
      data-testid="run-notices"
      data-run={run}
      aria-label={`${text} of ${run}`}
      aria-expanded={areNoticesShown.value}
      aria-controls="notices"
      onClick={() => {
        areNoticesOpen.value = !areNoticesOpen.value;
      }}
    >
      {text}
    </button>
  );
}
