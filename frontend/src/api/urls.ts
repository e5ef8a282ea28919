/** Where the server's routes are, from where this module was loaded: so prefixes and proxies just work. */

// In a name of its own, since Vite takes `new URL(..., import.meta.url)` for a file to be bundled.
const MODULE = import.meta.url;
const ROUTES = new URL("..", MODULE).href;

/** The arguments of a route: a list stands for one that is given several times. */
export type Parameters = Record<string, string | readonly string[]>;

/** The address of a route, with its arguments. */
export function routeUrl(route: string, parameters: Parameters = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of typeof value === "string" ? [value] : value) {
      query.append(name, one);
    }
  }
  // Many are made at each step: an object `URL` would write itself anew with each argument.
  const text = query.toString();
  return text === "" ? `${ROUTES}${route}` : `${ROUTES}${route}?${text}`;
}

/** The address of a file that lies beside this module. */
export function staticUrl(name: string): string {
  return new URL(name, MODULE).href;
}
