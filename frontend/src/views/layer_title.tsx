/** What is open: the layer, what it is made of, and what is wrong with it. */

import { sum } from "d3-array";
import type { Series } from "../api/catalog";
import { areUnknown } from "../state/columns";
import type { Place } from "../state/places";
import { chooseStep, openSeries, openWeights } from "../state/selection";
import { colorScope } from "../state/settings";
import { WHOLE, zoom } from "../state/zoom";
import { ColorBar, NonfiniteLegend } from "./color_bar";
import { limitsOnScreen, loadedOnScreen, shownOnScreen } from "./shown";
import { brief, counted, findingText, gateOf, grouped } from "./words";

export function LayerTitle({ place }: { place: Place }) {
  const [run] = shownOnScreen.value;
  const all = run ? openWeights(run) : [];
  // Somebody may have logged gradients alone.
  const series = run && all.length === 0 ? openSeries(run) : all;
  const [first] = series;
  const kernel = series.find(({ matrix }) => matrix === "kernel");
  const weights = sum(series, ({ rows, gates, units }) => rows * gates.length * units);
  return (
    <div class="layer-title">
      <h2 data-testid="open-layer">
        {place.layer}
        {place.direction && <span class="direction"> {place.direction}</span>}
      </h2>
      {first && (
        <span class="quiet">
          {first.cell}
          {!areUnknown(series) && ` · ${counted(first.units, "unit")}`}
          {kernel && ` · ${inputText(kernel)}`} · {counted(weights, "weight")}
          {series.map((one) => (
            <Added key={one.tag} series={one} />
          ))}
          {areUnknown(series) && (
            <span data-testid="unknown-gates">
              {" "}
              · gates not known: <code>register_layout()</code> tells them
            </span>
          )}
        </span>
      )}
      {shownOnScreen.value.some(({ shown }) => shown.length > 0) && <PictureKey />}
      <Findings />
    </div>
  );
}

/** How to read the heatmaps, and to go about in them. */
function PictureKey() {
  const [anyLoaded] = loadedOnScreen.value;
  return (
    <span class="right">
      {zoom.value.scale > 1 ? (
        <button
          type="button"
          class="quiet-button"
          onClick={() => {
            zoom.value = WHOLE;
          }}
        >
          Whole matrix
        </button>
      ) : (
        <span class="quiet hint">Ctrl + wheel or pinch to zoom, drag to move</span>
      )}
      <NonfiniteLegend />
      {colorScope.value !== "layer" && (
        <ColorBar
          limit={
            colorScope.value === "runs" && anyLoaded ? limitsOnScreen.value(anyLoaded, 0) : null
          }
        />
      )}
    </span>
  );
}

/** How much comes in: inputs, or the channels of a convolution and the size of its kernel. */
function inputText({ row_shape }: Series): string {
  const sizes = row_shape.slice(0, -1).map(grouped).join(" × ");
  const inputs = `input ${grouped(row_shape.at(-1) ?? 1)}`;
  return sizes ? `${inputs} · kernel ${sizes}` : inputs;
}

/** What the cell adds to its bias, which the bias itself doesn't show. */
function Added({ series }: { series: Series }) {
  return (
    <>
      {Object.entries(series.added).map(([gate, value]) => (
        <span key={gate} data-testid="added">
          {" "}
          · the cell adds {brief(value)} to the {gateOf(gate, series.matrix)}
        </span>
      ))}
    </>
  );
}

/** The first NaN and infinities of the open layer, each a way to its step. */
function Findings() {
  const found = shownOnScreen.value.flatMap((run) =>
    openSeries(run).flatMap((series) =>
      series.nonfinite.map((finding) => ({ run, series, finding })),
    ),
  );
  return found.length === 0 ? null : (
    <ul class="findings">
      {found.map(({ run, series, finding }) => (
        <li key={`${run.run} ${series.tag} ${finding.gate} ${finding.value}`}>
          <button
            type="button"
            class="finding"
            data-testid="finding"
            data-run={run.run}
            data-gate={finding.gate}
            data-matrix={series.matrix}
            data-step={finding.step}
            title="Go to this step"
            onClick={() => chooseStep(finding.step)}
          >
            <i class="swatch" style={{ "--run": run.color }} />
            {findingText(finding, series.matrix)}
          </button>
        </li>
      ))}
    </ul>
  );
}
