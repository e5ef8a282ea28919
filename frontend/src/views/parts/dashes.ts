/** Lines that are the same, and would hide each other: dashed in turns, so that all of them are seen. */

const DASH = 5;

/** How one of several lines that are the same is dashed. */
export interface Dash {
  pattern: string;
  offset: number;
}

/** How each path is dashed; null where no other one is the same, or nothing is drawn. */
export function dashesOf(paths: readonly string[]): (Dash | null)[] {
  const alike = new Map<string, number>();
  for (const path of paths) {
    alike.set(path, (alike.get(path) ?? 0) + 1);
  }
  const met = new Map<string, number>();
  return paths.map((path) => {
    const count = alike.get(path) ?? 1;
    const number = met.get(path) ?? 0;
    met.set(path, number + 1);
    return count < 2 || path === ""
      ? null
      : { pattern: `${DASH} ${DASH * (count - 1)}`, offset: -DASH * number };
  });
}
