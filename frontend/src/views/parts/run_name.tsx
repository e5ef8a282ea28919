/** A run's name by what tells it from the others; the whole of it on hover. */

import { shortName } from "../../state/run_names";

export function RunName({ run }: { run: string }) {
  return (
    <span class="name" title={run}>
      {shortName(run)}
    </span>
  );
}
