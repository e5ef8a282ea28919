/** Weights against their gradients, cell by cell: do large weights still move, and is one sign pushed? */

import type { ComponentChildren } from "preact";
import type { Export } from "../../api/export";
import { jointOf, type Twins, twinMatrices, twinMatrix, twins } from "../../state/joints";
import { kind, openMatrix, stepIn } from "../../state/selection";
import { Card } from "../parts/card";
import { RunName } from "../parts/run_name";
import { Segments } from "../parts/segments";
import { heatmapAt } from "../parts/shown_exports";
import { gateName, grouped, words } from "../parts/words";
import { JointPicture } from "./joint_picture";

export function WeightGradient() {
  const all = twins.value;
  const gates = [...new Set(all.flatMap(({ weights }) => weights.gates))];
  return (
    <Card
      name="weight_gradient"
      title="Weights against gradients"
      hint="how many cells have a weight (→) and a gradient (↑); both axes by decades, zero in the middle"
      aside={<MatrixChoice />}
      data={numbers}
    >
      {all.length === 0 ? (
        <p class="quiet">
          No run shown here has both weights and gradients of this layer: log both to compare them.
        </p>
      ) : (
        <div class="joints" style={{ "--columns": gates.length }} data-testid="joints">
          {gates.map((gate) => (
            <span class="column-name" key={gate}>
              {gateName(kind.value, gate)}
            </span>
          ))}
          {all.map((one) => (
            <RunRow key={one.run.run} twins={one} gates={gates} />
          ))}
        </div>
      )}
    </Card>
  );
}

/** The two matrices of each run, cell by cell. */
function numbers(): Export[] {
  return twins.value.flatMap(({ run: { run }, weights, gradients }) =>
    [weights, gradients].flatMap((series) =>
      heatmapAt({ run, series, step: stepIn(run) ?? 0 }, words(series.kind)),
    ),
  );
}

function MatrixChoice() {
  const matrices = twinMatrices.value;
  return matrices.length < 2 ? null : (
    <Segments
      label="Matrix"
      name="joint-matrix"
      options={matrices.map((name) => [name, words(name)])}
      value={twinMatrix.value}
      onChoose={(name) => {
        openMatrix.value = name;
      }}
    />
  );
}

function RunRow({ twins: own, gates }: { twins: Twins; gates: readonly string[] }) {
  const { run, weights } = own;
  return (
    <>
      <h4 class="joint-run" style={{ "--run": run.color }}>
        <i class="swatch" />
        <RunName run={run.run} />
      </h4>
      {gates.map((gate) =>
        weights.gates.includes(gate) ? (
          <GateJoint key={gate} twins={own} gate={gate} />
        ) : (
          <span key={gate} />
        ),
      )}
    </>
  );
}

function GateJoint({ twins: own, gate }: { twins: Twins; gate: string }) {
  const loaded = jointOf(own, gate);
  if (loaded.state === "failed") {
    return <Note>{loaded.reason}</Note>;
  }
  if (loaded.state === "loading") {
    return <p class="skeleton joint-skeleton" aria-busy="true" />;
  }
  const { value: joint } = loaded;
  return (
    <div data-testid="joint" data-run={own.run.run} data-gate={gate} data-step={joint.step}>
      <JointPicture joint={joint} gate={gate} matrix={own.weights.matrix} run={own.run.run} />
      <p class="quiet">
        step {grouped(joint.step)}
        {joint.isPooled && " · cells are pooled"}
        {joint.notFinite > 0 && ` · ${grouped(joint.notFinite)} not finite`}
      </p>
    </div>
  );
}

function Note({ children }: { children: ComponentChildren }) {
  return (
    <p class="fault" role="alert">
      {children}
    </p>
  );
}
