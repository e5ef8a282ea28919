/** The tab, as TensorBoard loads it: it imports this module in an iframe, and calls `render`. */

import { render as renderInto } from "preact";
import { onDataReloaded } from "./host/channel";
import { followTheme } from "./host/theme";
import { refreshCatalog } from "./state/catalog";
import { forgetFailures } from "./state/snapshots";
import { App } from "./views/app";
import { listenForKeys } from "./views/keyboard";
import { STYLES } from "./views/styles";

/** Shows the tab in this document. */
export async function render(): Promise<void> {
  const sheet = document.createElement("style");
  sheet.textContent = STYLES;
  document.head.append(sheet);
  followTheme();
  listenForKeys();
  onDataReloaded(() => {
    void refreshCatalog(forgetFailures());
  });
  renderInto(<App />, document.body);
  // The keys are for us from the start: the person has just opened this tab.
  window.focus();
  await refreshCatalog();
}
