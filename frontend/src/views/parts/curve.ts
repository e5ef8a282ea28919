/** What is drawn in a panel of curves. */

/** One curve over a whole-numbered axis. */
export interface Curve {
  run: string;
  color: string;
  step: number;
  values: ArrayLike<number>;
  /** Where its step is between the first one, 0, and the last, 1. */
  age: number;
}

/** A point of a run's curve that is marked. */
export interface Mark {
  run: string;
  color: string;
  at: number;
  value: number;
}

/** The curve that the pointer is on, and where. */
export interface PointedCurve {
  at: number;
  curve: Curve;
}
