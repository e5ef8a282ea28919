/** What stands in the cell under the pointer, in every run. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { WHOLE } from "../../state/columns";
import { hasTime } from "../../state/kinds";
import { planeOf, tokensOf } from "../../state/planes";
import { hasCell, pointedCell } from "../../state/pointer";
import { kind, stepIn } from "../../state/selection";
import { shownOnScreen } from "../../state/shown";
import { heatmapNear } from "../../state/snapshots";
import { visible } from "../parts/tokens";
import { cellText, maskedText, words } from "../parts/words";

const GAP = 14;

export function Tooltip() {
  const box = useRef<HTMLDivElement>(null);
  const pointed = pointedCell.value;
  useLayoutEffect(() => {
    if (box.current && pointed) {
      const { offsetWidth, offsetHeight } = box.current;
      const left = Math.min(pointed.x + GAP, window.innerWidth - offsetWidth - GAP);
      const isLow = pointed.y + GAP + offsetHeight > window.innerHeight;
      const top = isLow ? pointed.y - GAP - offsetHeight : pointed.y + GAP;
      box.current.style.transform = `translate(${Math.max(0, left)}px, ${Math.max(0, top)}px)`;
    }
  });
  if (!pointed) {
    return null;
  }
  const values = shownOnScreen.value.flatMap(({ run, color, shown }) => {
    const series = shown.find((one) => one.series.matrix === pointed.matrix)?.series;
    const loaded = series && heatmapNear(run, series, stepIn(run) ?? 0)?.planes.value;
    const gate = series?.gates.indexOf(pointed.gate) ?? -1;
    if (!series || loaded?.state !== "ready" || gate < 0 || !hasCell(series, pointed)) {
      return [];
    }
    const [poolRows, poolColumns] = series.heatmaps.pool;
    const cells = loaded.value.at(planeOf(series));
    const columnsAGate = cells.columns / series.gates.length;
    const column = gate * columnsAGate + Math.floor(pointed.column / poolColumns);
    const row = Math.floor(pointed.row / poolRows);
    const text = cells.isMasked(row, column) ? maskedText(kind.value) : cells.text(row, column);
    return [{ run, color, series, text }];
  });
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
      {values.map(({ run, color, text }) => (
        <div class="value" key={run} data-testid="tooltip-value" data-run={run}>
          <i class="swatch" style={{ "--run": color }} />
          <span class="name">{run}</span>
          <b>{text}</b>
        </div>
      ))}
    </div>
  );
}
