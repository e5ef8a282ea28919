/** The norms of one gate over time: of one run at all steps, or of all runs at the shown one. */

import { useMemo } from "preact/hooks";
import { step, steps } from "../../state/selection";
import type { Curve, Mark } from "../parts/curve";
import { CurvePanel } from "../parts/curve_panel";
import { curveAt, curvesOf } from "../parts/curves_of";
import type { Profiled } from "../parts/profiled";
import { gateOf } from "../parts/words";
import { reachBack } from "./reach_back";
import { REACH_SHARE } from "./reach_text";

interface Properties {
  profiled: readonly Profiled[];
  gate: string;
  decades: readonly [number, number];
  height: number;
  onPick: (step: number) => void;
}

const NONE: readonly Curve[] = [];

/** All runs at the shown step. */
export function ComparedRuns({ profiled, gate, ...panel }: Properties) {
  const having = profiled.filter(({ series }) => series.gates.includes(gate));
  const shown = having.flatMap((one) => {
    const curve = curveAt(one.profile, one.series.gates.indexOf(gate), step.value ?? 0, one);
    return curve ? [{ one, curve }] : [];
  });
  return (
    <CurvePanel
      {...panel}
      name="flow-compared"
      data={{ "data-gate": gate }}
      label={`Gradient norm over time of all runs: ${gateOf(gate, having[0]?.series.matrix ?? "")}`}
      strong={shown.map(({ curve }) => curve)}
      faint={NONE}
      marks={shown.flatMap(({ one, curve }) => marksOf(one, curve))}
      length={Math.max(1, ...having.map(({ profile }) => profile.length))}
      axisWord="time"
    />
  );
}

/** One run at all steps, the shown one strong. */
export function OneRun({ one, gate, profiled: _, ...panel }: Properties & { one: Profiled }) {
  const { profile, series, run, color } = one;
  const place = series.gates.indexOf(gate);
  const wanted = steps.value;
  const faint = useMemo(
    () => (place < 0 ? [] : curvesOf(profile, place, wanted, { run, color })),
    [profile, place, wanted, run, color],
  );
  if (place < 0) {
    return <span />;
  }
  const now = curveAt(profile, place, step.value ?? 0, one);
  return (
    <CurvePanel
      {...panel}
      name="flow-run"
      data={{ "data-run": run, "data-gate": gate }}
      label={`Gradient norm over time of ${run}: ${gateOf(gate, series.matrix)}`}
      strong={now ? [now] : []}
      faint={faint}
      marks={now ? marksOf(one, now) : []}
      length={profile.length}
      axisWord="time"
    />
  );
}

/** The farthest time step that the gradient reaches; nothing where it reaches all of them. */
function marksOf({ series, run, color }: Profiled, { values }: Curve): Mark[] {
  const found = reachBack(values, series.is_reversed, REACH_SHARE);
  return found && !found.isAll
    ? [{ run, color, at: found.farthest, value: values[found.farthest] ?? 0 }]
    : [];
}
