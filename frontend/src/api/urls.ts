/** Where the server's routes are, from where this module was loaded: so prefixes and proxies just work. */

// In a name of its own, since Vite takes `new URL(..., import.meta.url)` for a file to be bundled.
const MODULE = import.meta.url;

/** The address of a route, with its arguments. */
export function routeUrl(route: string, parameters: Record<string, string> = {}): string {
  const url = new URL(`../${route}`, MODULE);
  for (const [name, value] of Object.entries(parameters)) {
    url.searchParams.set(name, value);
  }
  return url.href;
}
