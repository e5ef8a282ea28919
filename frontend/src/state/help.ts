/** Whether the help sheet is open. */

import { signal } from "@preact/signals";

export const isHelpOpen = signal(false);
