/** Where the server's routes are, from where this module was loaded: so prefixes and proxies just work. */

/** The address of a route, with its arguments. */
export function routeUrl(route: string, parameters: Record<string, string> = {}): string {
  const url = new URL(`../${route}`, import.meta.url);
  for (const [name, value] of Object.entries(parameters)) {
    url.searchParams.set(name, value);
  }
  return url.href;
}
