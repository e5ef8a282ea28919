/** The norm of the gradient over the time steps of the probe: how far back does learning reach? */

import { chooseStep, kind, step } from "../../state/selection";
import { curveAt } from "../parts/curves_of";
import { ProfileCard } from "../parts/profile_card";
import { type Profiled, type ProfilesOnScreen, profilesOnScreen } from "../parts/profiled";
import { StepRamp } from "../parts/step_ramp";
import { decadesOf } from "../parts/vertical_axis";
import { gateName } from "../parts/words";
import { ComparedRuns, OneRun } from "./flow_panel";
import { gateGroups } from "./gate_groups";
import { ReachText } from "./reach_text";

export function Flow() {
  return (
    <ProfileCard
      name="flow"
      title="Gradient flow"
      hint="norm of the gradient at each time step: how far back does learning reach? Click a curve to go to its step"
      aside={<StepRamp />}
      find={() => profilesOnScreen("norm_by_time")}
      draw={(found) => <Panels {...found} />}
    />
  );
}

function Panels({ profiled }: ProfilesOnScreen) {
  const ends = profiled.flatMap(({ profile }) => profile.positiveEnds);
  const decades = decadesOf(ends) ?? ([-1, 0] as const);
  const [gate = ""] = profiled[0]?.series.gates ?? [];
  const panels = { profiled, decades, onPick: chooseStep };
  return kind.value.has_gates ? (
    <div data-testid="flow">
      {gateGroups(profiled).map((group) => (
        <GateGrid key={group[0]?.run} {...panels} profiled={group} />
      ))}
    </div>
  ) : (
    <div class="panels" data-testid="flow">
      {profiled.length > 1 && (
        <div>
          <h4>All runs at this step</h4>
          <p class="quiet one-line">○ as far as 1 % of the peak reaches</p>
          <ComparedRuns {...panels} gate={gate} height={HEIGHT} />
        </div>
      )}
      {profiled.map((one) => (
        <div key={one.run}>
          <RunName one={one} gate={0} />
          <OneRun {...panels} one={one} gate={gate} height={HEIGHT} />
        </div>
      ))}
    </div>
  );
}

const HEIGHT = 230;
const GATE_HEIGHT = 140;

interface GridProperties {
  profiled: readonly Profiled[];
  decades: readonly [number, number];
  onPick: (step: number) => void;
}

/** Gates side by side; above each other the runs laid over each other, and each by itself. */
function GateGrid(panels: GridProperties) {
  const { profiled } = panels;
  const gates = [...new Set(profiled.flatMap(({ series }) => series.gates))];
  const areComparable = gates.some(
    (gate) => profiled.filter(({ series }) => series.gates.includes(gate)).length > 1,
  );
  return (
    <div class="grid by-run" style={{ "--columns": Math.max(1, gates.length) }}>
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
          <span class="gate run-name" key={one.run} title={one.run}>
            <i class="swatch" style={{ "--run": one.color }} />
            <span>{one.run}</span>
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
    <>
      <h4>
        <i class="swatch" style={{ "--run": one.color }} />
        <span class="name">{one.run}</span>
      </h4>
      {now && <ReachText norms={now.values} isReversed={one.series.is_reversed} />}
    </>
  );
}
