/** From the names of a kind's views to what shows them. */

import type { Kind } from "../api/catalog";

/** The views of a kind, in its order. What a newer server calls a view that the table lacks is left out. */
export function viewsOf<V>(
  { views }: Pick<Kind, "views">,
  table: Readonly<Record<string, V>>,
): { name: string; View: V }[] {
  return views.flatMap((name) => {
    const View = Object.hasOwn(table, name) ? table[name] : undefined;
    return View === undefined ? [] : [{ name, View }];
  });
}
