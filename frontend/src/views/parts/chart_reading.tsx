/** What is read off a picture where the pointer is: beside that place, which it never covers. */

import type { ComponentChildren } from "preact";

const DISTANCE = 12;

interface Properties {
  /** Where the pointer's place is, and how wide the picture, in pixels. */
  x: number;
  width: number;
  children: ComponentChildren;
}

export function ChartReading({ x, width, children }: Properties) {
  const side =
    x < width / 2 ? { left: `${x + DISTANCE}px` } : { right: `${width - x + DISTANCE}px` };
  return (
    <div class="reading beside" style={side}>
      {children}
    </div>
  );
}
