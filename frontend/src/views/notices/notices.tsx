/** What should be known of the runs beside their numbers: what is missing, and why. */

import { useLayoutEffect, useRef } from "preact/hooks";
import type { Notice } from "../../api/catalog";
import { areNoticesOpen } from "../../state/notices";
import {
  areNoticesShown,
  type ColoredRun,
  chooseKind,
  choosePlace,
  chooseStep,
  hasSeries,
  kinds,
  listedRuns,
} from "../../state/selection";
import { grouped, sentence } from "../parts/words";

export function Notices() {
  const runs = listedRuns.value.filter(({ notices }) => notices.length > 0);
  return runs.length > 0 && areNoticesShown.value ? <NoticesCard runs={runs} /> : null;
}

function NoticesCard({ runs }: { runs: readonly ColoredRun[] }) {
  const card = useRef<HTMLElement>(null);
  // Whoever opened them wants to read them next, and then to go on; where they stand by themselves, nobody did.
  useLayoutEffect(() => {
    const own = card.current;
    const before = document.activeElement;
    if (!own || !areNoticesOpen.peek()) {
      return;
    }
    own.focus();
    return () => {
      if (before instanceof HTMLElement && own.contains(document.activeElement)) {
        before.focus();
      }
    };
  }, []);
  return (
    <section
      class="card notices"
      id="notices"
      aria-label="Notices"
      data-testid="notices"
      tabIndex={-1}
      ref={card}
    >
      <h3>
        Notices <span class="quiet">what is missing, and why</span>
        {hasSeries.value && (
          <button
            type="button"
            class="quiet-button"
            data-testid="close-notices"
            onClick={() => {
              areNoticesOpen.value = false;
            }}
          >
            Close
          </button>
        )}
      </h3>
      {runs.map((run) => (
        <div key={run.run}>
          <h4>
            <i class="swatch" style={{ "--run": run.color }} />
            <span class="name">{run.run}</span>
          </h4>
          <ul>
            {run.notices.map((notice) => (
              <NoticeRow key={notice.text} run={run} notice={notice} />
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function NoticeRow({ run, notice }: { run: ColoredRun; notice: Notice }) {
  const { text, kind, layers, step } = notice;
  return (
    <li data-testid="notice" data-run={run.run} data-kind={kind}>
      <p>{sentence(text)}</p>
      <p class="quiet places">
        {step !== null && (
          <button
            type="button"
            class="link"
            data-testid="notice-step"
            title="Go to this step"
            onClick={() => chooseStep(step)}
          >
            step {grouped(step)}
          </button>
        )}
        {layers.map((layer) => (
          <LayerLink key={layer} run={run} kind={kind} layer={layer} />
        ))}
      </p>
    </li>
  );
}

/** A layer that a notice is about: a way to it, unless nothing of it was logged. */
function LayerLink({ run, kind, layer }: { run: ColoredRun; kind: string; layer: string }) {
  const place = run.series.find((series) => series.layer === layer);
  return place ? (
    <button
      type="button"
      class="link"
      data-testid="notice-layer"
      data-layer={layer}
      title="Go to this layer"
      onClick={() => {
        if (kinds.value.some(({ name }) => name === kind)) {
          chooseKind(kind);
        }
        choosePlace(run.run, place);
      }}
    >
      {layer}
    </button>
  ) : (
    <span data-testid="notice-layer" data-layer={layer}>
      {layer}
    </span>
  );
}
