/** That not all steps are drawn, where it is so. */

import { countIn, type StepPart } from "../../state/step_parts";
import { grouped } from "./words";

interface Properties {
  /** What it is found by in tests. */
  name: string;
  /** The steps that are drawn, and all that there are. */
  steps: ArrayLike<number>;
  all: ArrayLike<number>;
  /** Those that are looked at; null for all. */
  range: StepPart | null;
  /** Whether dragging over some steps shows more of them. */
  canZoom?: boolean;
}

export function ThinnedNote({ name, steps, all, range, canZoom = false }: Properties) {
  const [drawn, count] = [countIn(steps, range), countIn(all, range)];
  return drawn >= count ? null : (
    <p class="quiet" data-testid={name}>
      {grouped(drawn)} of {grouped(count)} steps are drawn, at equal distances
      {canZoom ? ": drag over some to see more of them." : "."}
    </p>
  );
}
