/** Stands where a picture will be, or says why there is none. */

import type { Loaded } from "../../state/resource";

export function NotThere({ loaded }: { loaded: Loaded<unknown> | undefined }) {
  if (loaded?.state === "failed") {
    return (
      <p class="fault" role="alert">
        {loaded.reason}
      </p>
    );
  }
  return loaded ? <p class="skeleton histogram-skeleton" aria-busy="true" /> : <span />;
}
