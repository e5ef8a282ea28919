import { expect, test } from "vitest";
import { layerGroups } from "../src/views/sidebar/layer_groups";

function placeOf(layer: string, direction: string | null = null, index = 0) {
  return { place: { layer, direction, index } };
}

test("directions and cells of a stack stand below their layer's name", () => {
  const both = [
    placeOf("both", "forward"),
    placeOf("both", "backward"),
    placeOf("both", "forward", 1),
  ];
  const all = [...both.slice(0, 1), placeOf("other"), ...both.slice(1)];
  expect(layerGroups(all)).toEqual([both, [placeOf("other")]]);
});

test("two layers of one name, of different runs, are two", () => {
  const all = [placeOf("lstm"), placeOf("lstm")];
  expect(layerGroups(all)).toEqual([[placeOf("lstm")], [placeOf("lstm")]]);
});
