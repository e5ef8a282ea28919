/** What there is to see, as last heard from the server. */

import { signal } from "@preact/signals";
import { reasonOf } from "../api/answer";
import { type Catalog, fetchCatalog } from "../api/catalog";

/** The catalog; null until it first came. */
export const catalog = signal<Catalog | null>(null);

/** Why the last look at the catalog failed; null if it didn't. */
export const catalogError = signal<string | null>(null);

/**
 * Looks at the catalog again. What is shown stays as it is until the answer is there, and after it too where
 * nothing has changed.
 *
 * @param isForced - Whether all is to be shown anew even if nothing has changed.
 */
export async function refreshCatalog(isForced = false): Promise<void> {
  try {
    const found = await fetchCatalog(catalog.value);
    catalogError.value = null;
    catalog.value = isForced ? { ...found } : found;
  } catch (error) {
    catalogError.value = reasonOf(error);
  }
}
