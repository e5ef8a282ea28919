/**
 * How much of the time each unit's gate is nearly shut or nearly open, as in Karpathy, Johnson and Fei-Fei (2015),
 * "Visualizing and Understanding Recurrent Networks": a dot a unit, a square a gate.
 */

import type { Profile } from "../../decode/profiles";
import { kind, step } from "../../state/selection";
import { nearestIndex } from "../../state/steps";
import { ProfileCard } from "../parts/profile_card";
import { type Profiled, profilesOnScreen } from "../parts/profiled";
import { gateName } from "../parts/words";
import { saturatedUnits } from "./saturated_units";
import { SaturationSquare, type UnitDots } from "./saturation_square";

const MEASURE = "low_share";

export function Saturation() {
  return (
    <ProfileCard
      name="saturation"
      title="Saturation"
      hint={
        <>
          share of the probe's time steps at which a gate is nearly shut or nearly open, a dot a
          unit (
          <a href="https://arxiv.org/abs/1506.02078" target="_blank" rel="noopener">
            Karpathy et al. 2015
          </a>
          )
        </>
      }
      find={() => profilesOnScreen("low_by_unit", MEASURE)}
      draw={(low) => <Squares low={low.profiled} />}
    />
  );
}

function Squares({ low }: { low: readonly Profiled[] }) {
  const high = profilesOnScreen("high_by_unit", MEASURE);
  const gates = [...new Set(low.flatMap(({ series }) => series.gates))];
  const squares = gates
    .map((gate) => ({ gate, dots: dotsOf(low, high.profiled, gate, step.value ?? 0) }))
    .filter(({ dots }) => dots.some(({ units }) => units.length > 0));
  return (
    <div class="squares" data-testid="saturation">
      {squares.map(({ gate, dots }) => (
        <div key={gate}>
          <h4 class="column-name">{gateName(kind.value, gate)}</h4>
          <SaturationSquare gate={gate} dots={dots} />
        </div>
      ))}
    </div>
  );
}

function dotsOf(
  low: readonly Profiled[],
  high: readonly Profiled[],
  gate: string,
  at: number,
): UnitDots[] {
  return low.flatMap(({ run, color, series, profile }) => {
    const other = high.find((one) => one.run === run && one.series.tag === series.tag);
    const place = series.gates.indexOf(gate);
    return !other || place < 0
      ? []
      : [
          {
            run,
            color,
            units: saturatedUnits(
              curveNear(profile, place, at),
              curveNear(other.profile, place, at),
            ),
          },
        ];
  });
}

function curveNear(profile: Profile, gate: number, at: number): ArrayLike<number> {
  const index = nearestIndex(profile.steps, at);
  return index < 0 ? [] : profile.curve(index, gate);
}
