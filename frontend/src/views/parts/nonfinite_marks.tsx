/** Marks where a block was not finite: NaN and infinity differ in colour and shape. */

/** What a block held that is not finite; NaN where it held both. */
export type NonfiniteMark = "nan" | "infinity";

/** A step at which something is not finite, or all is. */
export interface MarkedStep {
  step: number;
  mark: NonfiniteMark | null;
}

/** Steps one after the other at which the same is not finite. */
export interface Stretch {
  mark: NonfiniteMark;
  first: number;
  last: number;
}

/** The stretches of some steps: a sign at each of a thousand steps would hide what it stands at. */
export function stretchesOf(all: readonly MarkedStep[]): Stretch[] {
  const found: Stretch[] = [];
  let open: Stretch | null = null;
  for (const { step, mark } of all) {
    if (open && open.mark === mark) {
      open.last = step;
    } else {
      open = mark && { mark, first: step, last: step };
      if (open) {
        found.push(open);
      }
    }
  }
  return found;
}

/** The stretches of one run. */
export interface MarkedLine {
  run: string;
  color: string;
  stretches: readonly Stretch[];
}

interface Properties {
  lines: readonly MarkedLine[];
  /** Where a step is, in pixels. */
  x: (step: number) => number;
  /** Where the picture ends below. */
  bottom: number;
}

const SIGN_RADIUS = 3;
/** Runs have theirs above each other. */
const ROW_HEIGHT = 6;

/** A sign where each stretch begins, and a line along it. */
export function NonfiniteMarks({ lines, x, bottom }: Properties) {
  const marked = lines.filter(({ stretches }) => stretches.length > 0);
  return (
    <>
      {marked.map(({ run, color, stretches }, row) => (
        <g key={run} style={{ "--run": color }}>
          {stretches.map(({ mark, first, last }) => {
            const y = bottom - SIGN_RADIUS - row * ROW_HEIGHT;
            return (
              <g key={first} class={`nonfinite ${mark}`} data-first={first} data-last={last}>
                <path class="stretch" d={`M${x(first)} ${y}H${x(last)}`} />
                <path class="sign" d={SIGNS[mark](x(first), y)} />
              </g>
            );
          })}
        </g>
      ))}
    </>
  );
}

const SIGNS: Record<NonfiniteMark, (x: number, y: number) => string> = {
  nan: (x, y) =>
    `M${x - SIGN_RADIUS} ${y}a${SIGN_RADIUS} ${SIGN_RADIUS} 0 1 0 ${2 * SIGN_RADIUS} 0a${SIGN_RADIUS} ${SIGN_RADIUS} 0 1 0 ${-2 * SIGN_RADIUS} 0z`,
  infinity: (x, y) => `M${x} ${y - 4}L${x + 4} ${y + 3}H${x - 4}Z`,
};
