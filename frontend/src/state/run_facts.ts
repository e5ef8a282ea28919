/** Whether facts of each run stand below its name. */

import { signal } from "@preact/signals";

export const showRunFacts = signal(false);
