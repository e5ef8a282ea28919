import { expect, test } from "vitest";
import { gateGroups } from "../src/views/flow/gate_groups";

const cell = (name: string, ...gates: string[]) => ({ name, series: { gates } });
const namesOf = (...cells: ReturnType<typeof cell>[]) =>
  gateGroups(cells).map((group) => group.map(({ name }) => name));

test("cells with the same gates are one group, and others another", () => {
  const [lstm, plain, other] = [
    cell("lstm", "input", "forget"),
    cell("plain", "hidden"),
    cell("other", "forget", "input"),
  ];
  expect(namesOf(lstm, plain, other)).toEqual([["lstm", "other"], ["plain"]]);
});

test("a cell that has gates of two groups joins them", () => {
  expect(namesOf(cell("a", "x"), cell("b", "y"), cell("c", "y", "x"))).toEqual([["a", "b", "c"]]);
});

test("no cells are no groups", () => {
  expect(namesOf()).toEqual([]);
});
