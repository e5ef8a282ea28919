/** Colours of runs, which people with any kind of colour vision can tell apart. */

// Okabe and Ito's, the most different ones first; black and yellow left out for the themes' sake.
const COLORS = [
  "#e8710a",
  "#1a73e8",
  "#009e73",
  "#cc79a7",
  "#56b4e9",
  "#b8860b",
  "#7b61d1",
  "#8c6d5a",
];

/** The colour of the run of that number. */
export function runColor(number: number): string {
  return COLORS[number % COLORS.length] as string;
}
