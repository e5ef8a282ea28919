import { expect, test } from "vitest";
import { binEdges, outline } from "../src/views/histograms/outline";

test("an outline goes up and along the bins, and down to the base", () => {
  const edges = binEdges(4, [10, 50]);
  expect(edges).toEqual(["10", "20", "30", "40", "50"]);
  const path = outline(Float64Array.of(0, 3, 3, 1), edges, 10, 100);
  expect(path).toBe("M10 100H20V70H40V90H50V100");
});

test("nothing goes above the top", () => {
  expect(outline(Float64Array.of(9), binEdges(1, [0, 5]), 20, 100, 30)).toBe("M0 100H0V30H5V100");
});
