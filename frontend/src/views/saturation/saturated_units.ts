/** How saturated each unit of a gate is. */

/** A unit by the shares of time during which its gate is nearly shut, and nearly open. */
export interface SaturatedUnit {
  unit: number;
  low: number;
  high: number;
}

/** The units that have both shares. */
export function saturatedUnits(low: ArrayLike<number>, high: ArrayLike<number>): SaturatedUnit[] {
  const length = Math.min(low.length, high.length);
  return Array.from({ length }, (_, unit) => ({
    unit,
    low: low[unit] as number,
    high: high[unit] as number,
  })).filter((one) => Number.isFinite(one.low) && Number.isFinite(one.high));
}

/**
 * The unit that is nearest to a place.
 *
 * @param reach - From how far off a unit still counts.
 * @returns null if none is near.
 */
export function nearestUnit<U extends SaturatedUnit>(
  units: readonly U[],
  low: number,
  high: number,
  reach: number,
): U | null {
  let best: U | null = null;
  let least = reach;
  for (const unit of units) {
    const distance = Math.hypot(unit.low - low, unit.high - high);
    if (distance <= least) {
      best = unit;
      least = distance;
    }
  }
  return best;
}

const MOST_NAMED = 3;

/** Some units by their numbers: `unit 4`, `units 0, 1, 2 and 5 more`. */
export function unitsText(units: readonly number[]): string {
  const named = units.slice(0, MOST_NAMED).join(", ");
  const left = units.length - MOST_NAMED;
  return `unit${units.length === 1 ? "" : "s"} ${named}${left > 0 ? ` and ${left} more` : ""}`;
}
