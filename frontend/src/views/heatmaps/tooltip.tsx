/** What stands in the cell under the pointer, in every run. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { WHOLE } from "../../state/columns";
import { hasTime } from "../../state/kinds";
import { tokensOf } from "../../state/planes";
import { pointedCell } from "../../state/pointer";
import { kind } from "../../state/selection";
import { RunName } from "../parts/run_name";
import { visible } from "../parts/tokens";
import { cellText, words } from "../parts/words";
import { cellValues } from "./cell_values";
import { tooltipPlace } from "./tooltip_place";

export function Tooltip() {
  const box = useRef<HTMLDivElement>(null);
  const pointed = pointedCell.value;
  useLayoutEffect(() => {
    // The crosshairs are drawn after this, but before the next microtask.
    queueMicrotask(() => {
      if (box.current && pointed) {
        place(box.current, pointed);
      }
    });
  });
  if (!pointed) {
    return null;
  }
  const values = cellValues(pointed);
  const first = values[0]?.series;
  const token = first && hasTime(kind.value) ? tokensOf(first)[pointed.column] : undefined;
  return (
    <div class="tooltip" ref={box} role="tooltip" data-testid="tooltip">
      <strong>
        {words(pointed.matrix)}
        {pointed.gate !== WHOLE && ` · ${words(pointed.gate)}`}
      </strong>
      <div class="quiet">
        {first && cellText(kind.value, first, pointed.row, pointed.column)}
        {token !== undefined && (
          <>
            {" "}
            reads <code>{visible(token)}</code>
          </>
        )}
      </div>
      {values.map(({ run, color, text, difference }) => (
        <div class="value" key={run} data-testid="tooltip-value" data-run={run}>
          <i class="swatch" style={{ "--run": color }} />
          <RunName run={run} />
          <b>{text}</b>
          {difference !== null && (
            <span class="difference" data-testid="tooltip-difference">
              {difference}
            </span>
          )}
        </div>
      ))}
    </div>
  );
}

/** Puts the tooltip where it covers none of the lines through what is compared. */
function place(element: HTMLElement, pointer: { x: number; y: number }): void {
  const lines = [...document.querySelectorAll(".lines .pointed")].map((line) =>
    line.getBoundingClientRect(),
  );
  const card = document
    .elementsFromPoint(pointer.x, pointer.y)
    .find((one) => one.classList.contains("run-card"));
  const { offsetWidth: width, offsetHeight: height } = element;
  const { left, top } = tooltipPlace(
    { width, height },
    pointer,
    lines,
    card?.getBoundingClientRect() ?? { left: pointer.x, top: pointer.y, width: 0, height: 0 },
    { width: window.innerWidth, height: window.innerHeight },
  );
  element.style.transform = `translate(${left}px, ${top}px)`;
}
