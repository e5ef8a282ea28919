/** Opens the help sheet. */

import { isHelpOpen } from "../../state/help";

export function HelpButton() {
  return (
    <button
      type="button"
      class="quiet-button"
      data-testid="open-help"
      aria-label="Help"
      title="Help (?)"
      onClick={() => {
        isHelpOpen.value = true;
      }}
    >
      ?
    </button>
  );
}
