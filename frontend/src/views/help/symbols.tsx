/** THE table of what each symbol means, drawn as it is on screen. A further mark is one more row. */

import type { ComponentChildren } from "preact";

/** How large a symbol is drawn. */
export const SIZE = { width: 30, height: 16 };

export interface Symbol {
  name: string;
  /** In a box of `SIZE`. */
  drawn: ComponentChildren;
  text: string;
}

const box = (kind: string) => <rect class={kind} x={7} y={1} width={16} height={14} rx={3} />;

/** What a timeline draws at its foot where a number is missing. */
const gap = (kind: string) => (
  <>
    <path class={`${kind} stretch`} d="M7 12H28" />
    <circle class={`${kind} sign`} cx={7} cy={12} r={3} />
    <path class="run" d="M1 3L6 5" />
  </>
);

const badge = (kind: string, text: string) => (
  <>
    <rect class={`${kind} ground`} x={7} y={1} width={16} height={14} rx={7} />
    <text class={kind} x={15} y={12} text-anchor="middle">
      {text}
    </text>
  </>
);

export const SYMBOLS: readonly { title: string; symbols: readonly Symbol[] }[] = [
  {
    title: "Lists and the whole model",
    symbols: [
      {
        name: "a run's colour",
        drawn: (
          <>
            <rect class="run-fill" x={2} y={3} width={10} height={10} rx={3} />
            <rect class="run" x={18} y={3} width={10} height={10} rx={3} />
          </>
        ),
        text: "filled where the run is shown, hollow where it is not",
      },
      { name: "! in red", drawn: badge("alarm", "!"), text: "a layer with NaN or infinity" },
      {
        name: "! in yellow",
        drawn: badge("warning", "!"),
        text: "a layer in which a rule finds something at this step; beside a run, its notices",
      },
      {
        name: "orange, blue",
        drawn: (
          <>
            <rect class="positive" x={1} y={1} width={13} height={14} />
            <rect class="negative" x={16} y={1} width={13} height={14} />
          </>
        ),
        text: "a cell of the whole model: above zero, below zero; the stronger, the larger",
      },
      {
        name: "line with a dot",
        drawn: (
          <>
            <path class="text" d="M2 12L10 9L18 11L26 4" />
            <circle class="text-fill" cx={20} cy={9.3} r={2.5} />
          </>
        ),
        text: "how the number went over the steps; the dot is the shown step",
      },
      {
        name: "ticks of the slider",
        drawn: <path class="strong-line" d="M3 4V12M9 4V12M15 4V12M21 4V12M27 4V12" />,
        text: "the steps that were logged",
      },
    ],
  },
  {
    title: "Heatmaps",
    symbols: [
      { name: "NaN", drawn: box("nan"), text: "not a number: no colour map has this colour" },
      { name: "±infinity", drawn: box("infinity"), text: "beyond what a number can hold" },
      {
        name: "< and >",
        drawn: box("beyond"),
        text: "past the ends of the colours: darker than any of them, in dark mode lighter",
      },
      {
        name: "hatched",
        drawn: (
          <>
            <clipPath id="help-hatch">{box("")}</clipPath>
            <path
              class="hatch"
              clip-path="url(#help-hatch)"
              d="M3 15L17 1M8 15L22 1M13 15L27 1M18 15L32 1M-2 15L12 1"
            />
          </>
        ),
        text: "masked: no number belongs there, as in padding",
      },
      {
        name: "thick line",
        drawn: <path class="separator" d="M15 1V15" />,
        text: "between two gates; a faint one, between two places of a convolution's kernel",
      },
      {
        name: "thin cross",
        drawn: <path class="pointed" d="M15 1V15M1 8H29" />,
        text: "the cell at the pointer, and its unit in every gate, matrix and run",
      },
      {
        name: "blue cross",
        drawn: <path class="pinned" d="M15 1V15M1 8H29" />,
        text: "the pinned cell",
      },
      {
        name: "dashed frame",
        drawn: <rect class="dashed" x={2} y={2} width={26} height={12} />,
        text: "a matrix that has no such numbers, with the reason",
      },
      {
        name: "dark square",
        drawn: (
          <>
            <rect class="few" x={3} y={1} width={8} height={14} />
            <rect class="some" x={11} y={1} width={8} height={14} />
            <rect class="many" x={19} y={1} width={8} height={14} />
          </>
        ),
        text: "of weights against gradients: the more cells have both, the stronger; none, no colour",
      },
    ],
  },
  {
    title: "Curves",
    symbols: [
      {
        name: "dashes of two colours",
        drawn: (
          <>
            <path class="run" stroke-dasharray="5 5" d="M1 8H29" />
            <path class="other-run" stroke-dasharray="5 5" stroke-dashoffset={5} d="M1 8H29" />
          </>
        ),
        text: "runs whose lines are the same: each shows in turn",
      },
      {
        name: "bar at the foot",
        drawn: gap("nan"),
        text: "NaN at these steps; the ring is where it begins, in its run's colour",
      },
      { name: "green bar at the foot", drawn: gap("infinity"), text: "infinity at these steps" },
      {
        name: "single dot",
        drawn: <circle class="run-fill" cx={15} cy={8} r={2} />,
        text: "a value between two that are missing",
      },
      { name: "upright line", drawn: <path class="text" d="M15 1V15" />, text: "the shown step" },
      {
        name: "upright line in colour",
        drawn: <path class="run" d="M15 1V15" />,
        text: "the step at which this run is held",
      },
      {
        name: "dashed upright line",
        drawn: <path class="dashed" d="M15 1V15" />,
        text: "the step at the pointer; in a histogram, zero",
      },
      {
        name: "dashed level line",
        drawn: <path class="dashed" d="M1 8H29" />,
        text: "one: below it, a singular value makes gradients smaller",
      },
      {
        name: "faint to strong",
        drawn: (
          <>
            <path class="run faint" d="M1 12Q12 12 29 8" />
            <path class="run half" d="M1 10Q12 9 29 5" />
            <path class="run" d="M1 8Q12 6 29 2" />
          </>
        ),
        text: "from the first step to the last one; the strongest is the shown step",
      },
      {
        name: "bands",
        drawn: (
          <>
            <path class="run-fill faint" d="M1 1H29V15H1Z" />
            <path class="run-fill half" d="M1 5H29V11H1Z" />
            <path class="run" d="M1 8H29" />
          </>
        ),
        text: "of percentiles: the median, the middle half, 5 to 95 %, and all of the values",
      },
      {
        name: "ring",
        drawn: <circle class="run ground-fill" cx={15} cy={8} r={4} />,
        text: "in a gradient's flow, as far back as 1 % of its peak reaches; elsewhere, the marked unit",
      },
      {
        name: "broad grey line",
        drawn: (
          <>
            <path class="mean" d="M1 9Q12 2 29 8" />
            <path class="run" d="M1 12Q12 2 29 5" />
          </>
        ),
        text: "of units over time: the mean over the batch; the thin lines are samples",
      },
    ],
  },
];
