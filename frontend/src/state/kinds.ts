/** What follows from what the rows and columns of a kind are: nothing here knows a kind by its name. */

import type { Kind, Series } from "../api/catalog";

/** Stands for the kind while there is none. */
export const NO_KIND: Kind = {
  name: "",
  rows: "input",
  columns: "unit",
  has_gates: false,
  spans_decades: false,
  views: [],
  help: "",
};

/** Whether its series are of one weight tensor each; if not, a cell has one series of it. */
export function isOfMatrices({ rows }: Kind): boolean {
  return rows === "input";
}

/** Whether time runs from left to right. */
export function hasTime({ columns }: Kind): boolean {
  return columns === "time";
}

/** Whether rows and columns are the same things, so that a matrix is a square. */
export function isSquare({ rows, columns }: Kind): boolean {
  return rows === columns || (rows === "loss time" && columns === "time");
}

/** Whether its numbers are norms. */
export function isNeverNegative({ rows }: Kind): boolean {
  return rows === "loss time";
}

/** How many units a series is of; null where neither its rows nor its columns are units. */
export function unitsOf({ rows, columns }: Kind, series: Pick<Series, "rows" | "columns">) {
  if (columns === "unit") {
    return series.columns;
  }
  return rows === "unit" ? series.rows : null;
}

/** Kinds in two groups: those of the parameters, then those of what flows. Empty groups are left out. */
export function inKindGroups(all: readonly Kind[]): { name: string; kinds: Kind[] }[] {
  const parameters = all.filter(isOfMatrices);
  const signals = all.filter((kind) => !isOfMatrices(kind));
  return [
    { name: "parameters", kinds: parameters },
    { name: "signals", kinds: signals },
  ].filter(({ kinds }) => kinds.length > 0);
}
