/** Marks on a line at the steps at which a block was not finite: NaN and infinity differ in colour and shape. */

/** What a block held that is not finite; NaN where it held both. */
export type NonfiniteMark = "nan" | "infinity";

/** A place to be marked, in pixels. */
export interface MarkedPlace {
  step: number;
  mark: NonfiniteMark;
  x: number;
  y: number;
}

const RADIUS = 3;

export function NonfiniteMarks({ places }: { places: readonly MarkedPlace[] }) {
  return (
    <>
      {places.map(({ step, mark, x, y }) => (
        <path key={step} class={`nonfinite ${mark}`} data-step={step} d={SHAPES[mark](x, y)} />
      ))}
    </>
  );
}

const SHAPES: Record<NonfiniteMark, (x: number, y: number) => string> = {
  nan: (x, y) =>
    `M${x - RADIUS} ${y}a${RADIUS} ${RADIUS} 0 1 0 ${2 * RADIUS} 0a${RADIUS} ${RADIUS} 0 1 0 ${-2 * RADIUS} 0z`,
  infinity: (x, y) => `M${x} ${y - 4}L${x + 4} ${y + 3}H${x - 4}Z`,
};
