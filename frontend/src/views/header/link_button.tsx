/** Copies a link that opens what is on screen. */

import { useState } from "preact/hooks";
import { addressWith } from "../../host/address";
import { stateInAddress } from "../../state/address";

/** How long it says that the link was copied, in milliseconds. */
const SAID = 1600;

export function LinkButton() {
  const [isCopied, setCopied] = useState(false);
  // Browsers have no clipboard for pages that came over plain HTTP from another machine.
  return !navigator.clipboard ? null : (
    <button
      type="button"
      class="quiet-button"
      data-testid="copy-link"
      title="Copy a link that opens what is on screen"
      onClick={async () => {
        const link = addressWith(stateInAddress());
        if (link !== null) {
          await navigator.clipboard.writeText(link);
          setCopied(true);
          setTimeout(() => setCopied(false), SAID);
        }
      }}
    >
      {isCopied ? "copied" : "copy link"}
    </button>
  );
}
