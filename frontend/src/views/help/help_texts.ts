/** THE tables of what the help sheet tells. */

export const KEYS: readonly { keys: readonly string[]; text: string }[] = [
  { keys: ["←", "→"], text: "the step before, the next step" },
  { keys: ["Shift ←", "Shift →"], text: "ten steps at once" },
  {
    keys: ["Home", "End"],
    text: "the first step, the last step; at the last, new ones are followed",
  },
  { keys: ["Space"], text: "play or pause" },
  { keys: ["Esc"], text: "the whole matrix and all steps again" },
  {
    keys: ["Tab"],
    text: "goes to a heatmap; there the arrow keys move the cell, Enter pins it, + and − zoom",
  },
  {
    keys: ["Tab"],
    text: "goes to a chart; there the arrow keys read its values off, and Enter does what a click does",
  },
  { keys: ["Alt ↑", "Alt ↓"], text: "on a run in the list: moves it up or down" },
  { keys: ["?"], text: "this sheet" },
];

export const GESTURES: readonly { name: string; text: string }[] = [
  { name: "drag a run in the list", text: "puts it elsewhere in the order of the runs" },
  { name: "click a cell of the whole model", text: "opens that block" },
  {
    name: "point at a heatmap",
    text: "marks the unit in every gate, matrix and run, and tells its values",
  },
  {
    name: "click a cell of a heatmap",
    text: "pins its unit: its values in all gates, and their course over the steps",
  },
  { name: "Ctrl + wheel, or pinch", text: "zooms all heatmaps together; dragging then moves them" },
  { name: "Shift + drag", text: "draws a box on a heatmap to zoom to" },
  { name: "double click", text: "shows the whole matrix again" },
  { name: "click a curve, a ridge or a timeline", text: "goes to that step" },
  { name: "drag along a timeline", text: "zooms all timelines to those steps" },
];
