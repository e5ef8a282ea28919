/** The orders of a card's matrices; those of the last step stay until those of the next one are found. */

import { useRef } from "preact/hooks";
import { kind } from "../../state/selection";
import type { ShownSeries } from "../../state/shown";
import { heatmapOrder, type Order, ordersOf } from "../../state/unit_order";
import { cellsNear } from "./card_cells";

/**
 * The orders of matrices with the same columns, by their tags; null while they are as stored.
 *
 * @param all - The same matrices as long as the component lives.
 */
export function useOrders(
  run: string,
  all: readonly ShownSeries[],
): ReadonlyMap<string, Order> | null {
  const last = useRef<{ by: string; orders: ReadonlyMap<string, Order> } | null>(null);
  const by = heatmapOrder.value;
  if (by === "stored") {
    return null;
  }
  const loaded = all.map(({ series }) => ({ series, cells: cellsNear(run, series) }));
  const there = loaded.flatMap(({ series, cells }) =>
    cells?.state === "ready" ? [{ series, cells: cells.value }] : [],
  );
  const isOnItsWay = loaded.some(({ cells }) => cells?.state === "loading");
  const orders = isOnItsWay || there.length === 0 ? null : ordersOf(kind.value, there, by).value;
  if (orders) {
    last.current = { by, orders };
  }
  return orders ?? (last.current?.by === by ? last.current.orders : null);
}
