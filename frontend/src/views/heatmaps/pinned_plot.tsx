/** A small chart of a pinned unit in one gate: a line a run, over the steps. */

import { extent } from "d3-array";
import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { step } from "../../state/selection";
import { brief, words } from "../parts/words";
import type { History } from "./pinned_history";

const WIDTH = 220;
const HEIGHT = 34;

interface Properties {
  gate: string;
  histories: readonly History[];
  /** The largest magnitude in all gates, so that they can be compared. */
  largest: number;
}

export function PinnedPlot({ gate, histories, largest }: Properties) {
  const [first, last] = extent(histories.flatMap(({ steps }) => steps));
  if (first === undefined || last === undefined) {
    return null;
  }
  const isSigned = histories.some(({ values }) => values.some((value) => value < 0));
  const x = scaleLinear([first, Math.max(last, first + 1)], [2, WIDTH - 2]);
  const y = scaleLinear([isSigned ? -largest : 0, largest || 1], [HEIGHT - 2, 2]);
  const now = x(Math.max(first, Math.min(last, step.value ?? last)));
  return (
    <svg
      class="pinned-plot"
      role="img"
      aria-label={`${words(gate)} over the steps, up to ${brief(largest)}`}
      width={WIDTH}
      height={HEIGHT}
      data-testid="pinned-history"
      data-gate={gate}
    >
      <line class="base" x1={0} x2={WIDTH} y1={y(0)} y2={y(0)} />
      <line class="now" x1={now} x2={now} y1={0} y2={HEIGHT} />
      {histories.map(({ run, color, steps, values }) => (
        <path
          key={run}
          data-run={run}
          data-count={values.length}
          stroke={color}
          d={
            line<number>()
              .defined((value) => Number.isFinite(value))
              .x((_, index) => x(steps[index] ?? first))
              .y(y)([...values]) ?? ""
          }
        />
      ))}
    </svg>
  );
}
