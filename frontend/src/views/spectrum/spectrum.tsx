/** The singular values of each gate's recurrent block, and how its norm and radius went over the steps. */

import { useMemo } from "preact/hooks";
import { chooseStep, kind, step, steps } from "../../state/selection";
import { statisticsOnScreen } from "../../state/shown";
import { CurvePanel } from "../parts/curve_panel";
import { curveAt, curvesOf } from "../parts/curves_of";
import { ProfileCard } from "../parts/profile_card";
import {
  isMeasured,
  type Profiled,
  type ProfilesOnScreen,
  profilesOnScreen,
} from "../parts/profiled";
import { StepRamp } from "../parts/step_ramp";
import { Timeline } from "../parts/timeline";
import { timelineLines } from "../parts/timeline_lines";
import { decadesOf, needLog } from "../parts/vertical_axis";
import { gateName, gateOf, statisticName } from "../parts/words";
import { SpectrumHelp } from "./spectrum_help";

const MEASURES = ["spectral_norm", "spectral_radius"] as const;
const HEIGHT = 150;
/** What is smaller is next to nothing beside the largest ones, which matter. */
const SHOWN_DECADES = 3;

export function Spectrum() {
  return isMeasured(MEASURES[0]) ? (
    <ProfileCard
      name="spectrum"
      title="Spectrum"
      hint="singular values of each gate's recurrent block, from the largest to the smallest"
      aside={<StepRamp />}
      find={() => profilesOnScreen("singular_values", MEASURES[0])}
      draw={(found) => <Rows {...found} />}
    />
  ) : null;
}

function Rows({ profiled }: ProfilesOnScreen) {
  const gates = [...new Set(profiled.flatMap(({ series }) => series.gates))];
  const ends = profiled.flatMap(({ profile }) => profile.positiveEnds);
  const [low, high] = decadesOf(ends) ?? [-1, 0];
  const decades = [Math.max(low, high - SHOWN_DECADES), high] as const;
  const matrix = profiled[0]?.series.matrix ?? "";
  const loaded = statisticsOnScreen.value.filter(({ series }) => series.matrix === matrix);
  return (
    <>
      <SpectrumHelp />
      <div class="grid" style={{ "--columns": gates.length }} data-testid="spectrum">
        <span />
        {gates.map((gate) => (
          <span class="column-name" key={gate}>
            {gateName(kind.value, gate)}
          </span>
        ))}
        <span class="gate">singular values</span>
        {gates.map((gate) => (
          <GateSpectrum key={gate} gate={gate} profiled={profiled} decades={decades} />
        ))}
        {MEASURES.map((name) => {
          const rows = gates.map((gate) => timelineLines(loaded, gate, name));
          const all = rows.flat().flatMap(({ points }) => points.map(({ value }) => value));
          return (
            all.some(Number.isFinite) && (
              <>
                <span class="gate" key={name}>
                  {statisticName(name)}
                </span>
                {gates.map((gate, place) => (
                  <Timeline
                    key={`${name} ${gate}`}
                    gate={gate}
                    matrix={matrix}
                    statistic={name}
                    lines={rows[place] ?? []}
                    all={all}
                    isLog={needLog(all)}
                  />
                ))}
              </>
            )
          );
        })}
      </div>
    </>
  );
}

interface GateProperties {
  gate: string;
  profiled: readonly Profiled[];
  decades: readonly [number, number];
}

function GateSpectrum({ gate, profiled, decades }: GateProperties) {
  const wanted = steps.value;
  const having = profiled.filter(({ series }) => series.gates.includes(gate));
  const key = JSON.stringify(having.map(({ run, profile }) => [run, profile.steps.at(-1)]));
  // The key tells the profiles apart, so that going through the steps draws only the strong ones anew.
  const faint = useMemo(
    () =>
      having.flatMap((one) => curvesOf(one.profile, one.series.gates.indexOf(gate), wanted, one)),
    [key, gate, wanted],
  );
  const strong = having.flatMap(
    (one) => curveAt(one.profile, one.series.gates.indexOf(gate), step.value ?? 0, one) ?? [],
  );
  return (
    <CurvePanel
      name="singular-values"
      data={{ "data-gate": gate }}
      label={`Singular values of the ${gateOf(gate, having[0]?.series.matrix ?? "")}`}
      strong={strong}
      faint={faint}
      decades={decades}
      length={Math.max(1, ...having.map(({ profile }) => profile.length))}
      height={HEIGHT}
      axisWord="index"
      reference={1}
      onPick={chooseStep}
    />
  );
}
