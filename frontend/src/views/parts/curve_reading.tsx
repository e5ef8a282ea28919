/** What the pointer is on: of several runs each one's value there, of one run the curve that is meant. */

import type { Curve, PointedCurve } from "./curve";
import { grouped, valueText } from "./words";

interface Properties {
  pointed: PointedCurve;
  /** The curves of the shown step, a run each. */
  strong: readonly Curve[];
  /** What the horizontal axis counts. */
  word: string;
}

export function CurveReading({ pointed: { at, curve }, strong, word }: Properties) {
  return strong.length > 1 ? (
    <div class="reading">
      {word} {at}
      {strong.map(({ run, color, values }) => (
        <span key={run}>
          <i class="swatch" style={{ "--run": color }} />
          {valueText(values[at])}
        </span>
      ))}
    </div>
  ) : (
    <div class="reading">
      step {grouped(curve.step)} · {word} {at} <b>{valueText(curve.values[at])}</b>
    </div>
  );
}
