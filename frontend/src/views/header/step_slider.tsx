/** Which step is shown, among those that were logged. */

import { isPlaying, SPEEDS, speed, togglePlaying } from "../../state/playback";
import { chooseStep, step, steps } from "../../state/selection";
import { grouped } from "../parts/words";

export function StepSlider() {
  const all = steps.value;
  const shown = step.value;
  if (shown === null) {
    return null;
  }
  const place = all.indexOf(shown);
  return (
    <div class="step">
      <button
        type="button"
        class="play"
        data-testid="play"
        aria-label={isPlaying.value ? "Pause" : "Play"}
        title={isPlaying.value ? "Pause (space)" : "Play (space)"}
        disabled={all.length < 2}
        onClick={togglePlaying}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d={isPlaying.value ? "M4 3h3v10H4zM9 3h3v10H9z" : "M4 2.5v11l9-5.5z"} />
        </svg>
      </button>
      <div class="slider">
        <StepTicks count={all.length} />
        <input
          type="range"
          data-testid="step-slider"
          aria-label="Step"
          aria-valuetext={`step ${shown}`}
          min={0}
          max={Math.max(0, all.length - 1)}
          value={place}
          onInput={(event) => {
            const chosen = all[Number(event.currentTarget.value)];
            if (chosen !== undefined) {
              chooseStep(chosen);
            }
          }}
        />
      </div>
      <select
        class="speed"
        aria-label="Steps a second"
        title="Steps a second"
        data-testid="speed"
        value={speed.value}
        onChange={(event) => {
          speed.value = Number(event.currentTarget.value);
        }}
      >
        {[...SPEEDS]
          .sort((one, other) => one - other)
          .map((steps) => (
            <option key={steps} value={steps}>
              {steps} / s
            </option>
          ))}
      </select>
      <output class="step-label" data-testid="step-label">
        step <strong>{grouped(shown)}</strong> of {grouped(all.at(-1) ?? shown)}
      </output>
    </div>
  );
}

/** A tick a logged step, or every so manieth where they would run into each other. */
function StepTicks({ count }: { count: number }) {
  const every = Math.max(1, Math.ceil(count / 100));
  const ticks = Array.from({ length: Math.ceil(count / every) }, (_, place) => place * every);
  return (
    <svg class="ticks" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      {ticks.map((place) => {
        const x = count > 1 ? (place / (count - 1)) * 100 : 50;
        return <line key={place} x1={x} x2={x} y1={2} y2={8} />;
      })}
    </svg>
  );
}
