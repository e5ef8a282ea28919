/** Keys in place of the pointer: while a chart has the focus, they move over it, and click. */

import { sayReadingOf } from "./spoken";

/** How far a key moves it, in pixels; with Shift so many times as far. */
const PIXELS = 6;
const FAR = 8;

const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Where the keys are on each chart, from its corner. */
const places = new WeakMap<HTMLElement, { x: number; y: number }>();

/** The attributes of a chart that is to be reached by key, and does what it does where the pointer is. */
export function keyboardPointer(label: string) {
  return {
    role: "group" as const,
    "aria-label": label,
    "aria-keyshortcuts": "ArrowLeft ArrowRight ArrowUp ArrowDown Enter",
    tabIndex: 0,
    onKeyDown: takeKey,
    onBlur: ({ currentTarget }: FocusEvent) => {
      currentTarget?.dispatchEvent(new PointerEvent("pointerleave"));
    },
  };
}

function takeKey(event: KeyboardEvent): void {
  const move = MOVES[event.key];
  if (event.ctrlKey || event.metaKey || event.altKey || !(move || event.key === "Enter")) {
    return;
  }
  const chart = event.currentTarget as HTMLElement;
  const { left, top, width, height } = chart.getBoundingClientRect();
  const [across, down] = move ?? [0, 0];
  const far = PIXELS * (event.shiftKey ? FAR : 1);
  const from = places.get(chart) ?? { x: width / 2, y: height / 2 };
  const x = clamp(from.x + across * far, width);
  const y = clamp(from.y + down * far, height);
  places.set(chart, { x, y });
  chart.style.setProperty("--key-x", `${x}px`);
  chart.style.setProperty("--key-y", `${y}px`);
  const at = { clientX: left + x, clientY: top + y, bubbles: true };
  chart.dispatchEvent(move ? new PointerEvent("pointermove", at) : new MouseEvent("click", at));
  sayReadingOf(chart);
  // Elsewhere the arrows go from step to step.
  event.preventDefault();
  event.stopPropagation();
}

function clamp(at: number, end: number): number {
  return Math.max(0, Math.min(end - 1, at));
}
