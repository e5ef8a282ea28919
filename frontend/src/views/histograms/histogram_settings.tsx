/** What can be set about histograms: how their axes run, what shares them, and what is high. */

import {
  type AxesScope,
  axesScope,
  binCount,
  type HistogramHeight,
  histogramHeight,
  histogramScale,
  type ScaleName,
} from "../../state/histogram_settings";
import { Choice } from "../parts/choice";
import { HEIGHTS } from "./heights";

const SCOPES: readonly (readonly [AxesScope, string])[] = [
  ["matrix", "by matrix"],
  ["layer", "by layer"],
  ["directions", "both directions"],
  ["free", "free"],
];

const SCALES: readonly (readonly [ScaleName | "automatic", string])[] = [
  ["automatic", "automatic"],
  ["linear", "linear"],
  ["symmetric log", "symmetric log"],
  ["log |x|", "log |x|"],
];

const HEIGHT_OPTIONS = Object.entries(HEIGHTS).map(
  ([name, { label }]) => [name as HistogramHeight, label] as const,
);

const FEWEST_BINS = 5;
const MOST_BINS = 400;

export function HistogramSettings() {
  return (
    <section aria-label="Settings of histograms">
      <h2>Histograms</h2>
      <Choice label="Axes" value={axesScope} options={SCOPES} />
      <Choice label="Scale" value={histogramScale} options={SCALES} />
      <Choice label="Heights" value={histogramHeight} options={HEIGHT_OPTIONS} />
      <BinCount />
    </section>
  );
}

function BinCount() {
  return (
    <label class="field">
      <span>Bins</span>
      <input
        type="number"
        min={FEWEST_BINS}
        max={MOST_BINS}
        value={binCount.value}
        onChange={({ currentTarget }) => {
          const wanted = Math.round(currentTarget.valueAsNumber) || binCount.value;
          binCount.value = Math.min(MOST_BINS, Math.max(FEWEST_BINS, wanted));
          currentTarget.value = String(binCount.value);
        }}
      />
    </label>
  );
}
