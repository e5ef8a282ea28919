/** What has to be said of a histogram at the shown step, since no line shows it. */

import { useDerived } from "../parts/use_derived";
import { percent } from "../parts/words";
import type { HistogramAxis } from "./axis";
import { type GridCell, isAllZero, type LineNow } from "./grid_cells";

/** That there is nothing but zeros, or nothing finite, in all runs. */
export function Words({ cell: { now }, middle }: { cell: GridCell; middle: number }) {
  const words = useDerived(() => {
    if (now.value.every(isAllZero)) {
      return "all zero";
    }
    const isEmpty = now.value.every(({ isThere, total }) => isThere && total === 0);
    return isEmpty ? "nothing is finite" : "";
  }, [now]);
  return words.value === "" ? null : (
    <text class="words" x={middle} y={34} text-anchor="middle">
      {words}
    </text>
  );
}

interface Notice {
  name: string;
  className: string;
  text: (line: LineNow, axis: HistogramAxis) => string;
}

/** What stands beside a run's colour; nothing where the text is empty. */
const NOTICES: readonly Notice[] = [
  {
    name: "histogram-nonfinite",
    className: "badge",
    text: ({ nonfinite }) => (nonfinite > 0 ? `${percent(nonfinite)} not finite` : ""),
  },
  {
    name: "histogram-zeros",
    className: "badge plain",
    // An axis of logarithms has no place for them.
    text: (line, { looked }) =>
      looked === "magnitudes" && line.zeros > 0 && !isAllZero(line)
        ? `${percent(line.zeros / line.total)} zeros`
        : "",
  },
];

/** What part of each run's values is not drawn. */
export function Badges({ cell: { lines, axis, now } }: { cell: GridCell }) {
  // A text, so that nothing is drawn again at a step that says the same.
  const all = useDerived(
    () => JSON.stringify(now.value.map((line) => NOTICES.map(({ text }) => text(line, axis)))),
    [now, axis],
  );
  const texts = JSON.parse(all.value) as string[][];
  return (
    <div class="badges">
      {NOTICES.flatMap(({ name, className }, number) =>
        lines.map(({ run, color, comparedStep }, place) => {
          // What is compared with is told of at its own step.
          const text = comparedStep === null && texts[place]?.[number];
          return text ? (
            <span class={className} key={`${name} ${run}`} data-testid={name} title={run}>
              <i class="swatch" style={{ "--run": color }} /> {text}
            </span>
          ) : null;
        }),
      )}
    </div>
  );
}
