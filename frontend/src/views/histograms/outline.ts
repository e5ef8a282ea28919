/** The outline of a histogram as a path: it is built for each run at each step, so it is quick about it. */

/** The places between which bins lie, as they stand in a path. */
export function binEdges(count: number, [from, to]: readonly [number, number]): string[] {
  return Array.from({ length: count + 1 }, (_, place) =>
    tenth(from + ((to - from) * place) / count),
  );
}

/**
 * A path from the base up and along the bins, and down to the base.
 *
 * @param edges - Where bins begin and end: one more than bins.
 * @param scale - How high one value is, in pixels.
 * @param base - Where the base is, in pixels; nothing goes above `top`.
 */
export function outline(
  counts: Float64Array,
  edges: readonly string[],
  scale: number,
  base: number,
  top = 0,
): string {
  let path = `M${edges[0]} ${tenth(base)}`;
  let height = tenth(base);
  for (let bin = 0; bin < counts.length; bin += 1) {
    const next = tenth(Math.max(top, base - (counts[bin] as number) * scale));
    if (next !== height) {
      path += `H${edges[bin]}V${next}`;
      height = next;
    }
  }
  return `${path}H${edges[counts.length]}V${tenth(base)}`;
}

const TENTHS = Array.from({ length: 20_000 }, (_, number) => String(number / 10));

/** A number of pixels, to a tenth: more can't be seen. */
function tenth(pixels: number): string {
  const number = Math.round(pixels * 10);
  return TENTHS[number] ?? String(number / 10);
}
