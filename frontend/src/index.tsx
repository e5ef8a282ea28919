/** The tab, as TensorBoard loads it: it imports this module in an iframe, and calls `render`. */

import { render as renderInto } from "preact";
import { readAddress, writeAddress } from "./host/address";
import { onDataReloaded } from "./host/channel";
import { describeDocument } from "./host/document";
import { followTheme } from "./host/theme";
import { onStateChange, restoreState } from "./state/address";
import { refreshCatalog } from "./state/catalog";
import { forgetFailures } from "./state/failures";
import { openWorst } from "./state/opening";
import { App } from "./views/app";
import { sharedPainter } from "./views/heatmaps/painting";
import { listenForKeys } from "./views/keyboard";
import { STYLES } from "./views/styles";

/** How long nothing has to change before the address does, in milliseconds: browsers limit how often it may. */
const ADDRESS_DELAY = 400;

/** Shows the tab in this document. */
export async function render(): Promise<void> {
  const sheet = document.createElement("style");
  sheet.textContent = STYLES;
  document.head.append(sheet);
  describeDocument();
  followTheme();
  listenForKeys();
  onDataReloaded(() => {
    void refreshCatalog(forgetFailures());
  });
  renderInto(<App />, document.body);
  // The keys are for us from the start: the person has just opened this tab.
  window.focus();
  const answers = Promise.all([readAddress(), refreshCatalog()]);
  // While the server looks what there is: to begin painting takes a while, too.
  requestAnimationFrame(() => setTimeout(sharedPainter));
  const [values] = await answers;
  restoreState(values);
  openWorst();
  onStateChange(writeAddress, ADDRESS_DELAY);
}
