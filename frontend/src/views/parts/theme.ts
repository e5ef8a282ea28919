/** The theme as a signal, so that what is painted follows it. */

import { signal } from "@preact/signals";
import { isDark, onThemeChange } from "../../host/theme";

export const darkTheme = signal(isDark());

onThemeChange(() => {
  darkTheme.value = isDark();
});
