/** The norm of the gradient over the time steps of the probe: how far back does learning reach? */

import { chooseStep, kind, step } from "../../state/selection";
import { curveAt } from "../parts/curves_of";
import { ProfileCard } from "../parts/profile_card";
import { type Profiled, profilesOnScreen } from "../parts/profiled";
import { StepRamp } from "../parts/step_ramp";
import { decadesOf } from "../parts/vertical_axis";
import { gateName } from "../parts/words";
import { ComparedRuns, OneRun } from "./flow_panel";
import { ReachText } from "./reach_text";

export function Flow() {
  const found = profilesOnScreen("norm_by_time");
  const { profiled } = found;
  const ends = profiled.flatMap(({ profile }) => profile.positiveEnds);
  const decades = decadesOf(ends) ?? ([-1, 0] as const);
  const gates = [...new Set(profiled.flatMap(({ series }) => series.gates))];
  const panels = { profiled, decades, onPick: chooseStep };
  return (
    <ProfileCard
      title="Gradient flow"
      hint="norm of the gradient at each time step: how far back does learning reach? Click a curve to go to its step"
      aside={<StepRamp />}
      found={found}
    >
      {kind.value.has_gates ? (
        <GateGrid {...panels} gates={gates} />
      ) : (
        <div class="panels" data-testid="flow">
          {profiled.length > 1 && (
            <div>
              <h4>All runs at this step</h4>
              <ComparedRuns {...panels} gate={gates[0] ?? ""} height={HEIGHT} />
            </div>
          )}
          {profiled.map((one) => (
            <div key={one.run}>
              <RunName one={one} gate={0} />
              <OneRun {...panels} one={one} gate={gates[0] ?? ""} height={HEIGHT} />
            </div>
          ))}
        </div>
      )}
    </ProfileCard>
  );
}

const HEIGHT = 230;
const GATE_HEIGHT = 140;

interface GridProperties {
  profiled: readonly Profiled[];
  gates: readonly string[];
  decades: readonly [number, number];
  onPick: (step: number) => void;
}

/** Gates side by side; above each other the runs laid over each other, and each by itself. */
function GateGrid({ gates, ...panels }: GridProperties) {
  const { profiled } = panels;
  const areComparable = gates.some(
    (gate) => profiled.filter(({ series }) => series.gates.includes(gate)).length > 1,
  );
  return (
    <div class="grid" style={{ "--columns": Math.max(1, gates.length) }} data-testid="flow">
      <span />
      {gates.map((gate) => (
        <span class="column-name" key={gate}>
          {gateName(kind.value, gate)}
        </span>
      ))}
      {areComparable && (
        <>
          <span class="gate">all runs</span>
          {gates.map((gate) => (
            <ComparedRuns key={gate} {...panels} gate={gate} height={GATE_HEIGHT} />
          ))}
        </>
      )}
      {profiled.map((one) => (
        <>
          <span class="gate" key={one.run} title={one.run}>
            <i class="swatch" style={{ "--run": one.color }} /> {one.run}
          </span>
          {gates.map((gate) => (
            <OneRun
              key={`${one.run} ${gate}`}
              {...panels}
              one={one}
              gate={gate}
              height={GATE_HEIGHT}
            />
          ))}
        </>
      ))}
    </div>
  );
}

/** A run's name, and how far back its gradient reaches now. */
function RunName({ one, gate }: { one: Profiled; gate: number }) {
  const now = curveAt(one.profile, gate, step.value ?? 0, one);
  return (
    <h4>
      <i class="swatch" style={{ "--run": one.color }} />
      <span class="name">{one.run}</span>
      {now && <ReachText norms={now.values} isReversed={one.series.is_reversed} />}
    </h4>
  );
}
