/** The part of TensorBoard's own address that is ours: `#rnnweights&p.rnnweights.NAME=VALUE`. */

import { ask } from "./channel";

const PLUGIN = "rnnweights";
const PREFIX = `p.${PLUGIN}.`;

/** What the address said when the tab was opened. */
export async function readAddress(): Promise<ReadonlyMap<string, string>> {
  // TensorBoard's own answer has been empty since its page keeps the address by another part than the one it asks.
  return ownValues(hostWindow()?.location.hash ?? "") ?? (await askedValues());
}

function ownValues(hash: string): ReadonlyMap<string, string> | null {
  const parameters = new URLSearchParams(hash.slice(1));
  const own = [...parameters].filter(([name]) => name.startsWith(PREFIX));
  return own.length > 0
    ? new Map(own.map(([name, value]) => [name.slice(PREFIX.length), value]))
    : null;
}

async function askedValues(): Promise<ReadonlyMap<string, string>> {
  const found = await ask("experimental.GetURLPluginData");
  const entries = typeof found === "object" && found !== null ? Object.entries(found) : [];
  return new Map(entries.filter(([, value]) => typeof value === "string"));
}

/** The address of TensorBoard with some values of ours in place of those before; null where we can't know it. */
export function addressWith(values: ReadonlyMap<string, string>): string | null {
  const host = hostWindow();
  if (!host) {
    return null;
  }
  const url = new URL(host.location.href);
  const others = url.hash
    .slice(1)
    .split("&")
    .filter((part) => part !== "" && part !== PLUGIN && !part.startsWith(PREFIX));
  const own = [...values].map(([name, value]) => `${PREFIX}${name}=${encodeURIComponent(value)}`);
  url.hash = [PLUGIN, ...others, ...own].join("&");
  return url.href;
}

/** Puts values into the address, without a step in the browser's history. */
export function writeAddress(values: ReadonlyMap<string, string>): void {
  const host = hostWindow();
  const address = addressWith(values);
  // While another tab is open, the address is that tab's.
  if (host?.location.hash.startsWith(`#${PLUGIN}`) && address !== null) {
    host.history.replaceState(host.history.state, "", address);
  }
}

function hostWindow(): Window | null {
  try {
    return window.parent !== window && window.parent.location.href ? window.parent : null;
  } catch {
    // A notebook or a proxy of another origin doesn't let us look.
    return null;
  }
}
