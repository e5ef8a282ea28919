/** A convolution's kernel: its rows, grouped by the place in the kernel that they belong to. */

import type { Series } from "../../api/catalog";
import { placeOfRow } from "../../state/columns";
import type { Part } from "./places";

/** The rows of one place of a kernel, in pooled cells. */
export interface KernelPlace {
  first: number;
  last: number;
  /** Where it is on the kernel's axes: `0, 2`. */
  text: string;
}

/** How high a group has to be for a line of its own to set it apart, in CSS pixels. */
const LEAST_HEIGHT = 4;

/**
 * The places of a kernel that begin in a part of the matrix; none where they are too small to be told apart, and of
 * what is no convolution.
 *
 * @param height - Of what is seen of the matrix, in CSS pixels.
 */
export function kernelPlaces(
  { row_shape, rows, heatmaps }: Pick<Series, "row_shape" | "rows" | "heatmaps">,
  part: Pick<Part, "top" | "height">,
  height: number,
): KernelPlace[] {
  const channels = row_shape.at(-1) ?? rows;
  const [pool] = heatmaps.pool;
  const size = (channels / pool / part.height) * height;
  if (row_shape.length < 2 || size < LEAST_HEIGHT) {
    return [];
  }
  return Array.from({ length: rows / channels }, (_, place) => ({
    first: (place * channels) / pool,
    last: ((place + 1) * channels) / pool,
    text: placeOfRow(place * channels, row_shape)
      .slice(0, -1)
      .join(", "),
  })).filter(({ first, last }) => last > part.top && first < part.top + part.height);
}
