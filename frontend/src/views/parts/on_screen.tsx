/** What is made only once it is about to come into view: what nobody sees costs nothing, also while steps go by. */

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** How far from the window it is made already, in CSS pixels, so that scrolling finds it there. */
const MARGIN = 400;
const ASSUMED_HEIGHT = 320;

interface Properties {
  /** What it is found by in tests. */
  name: string;
  /** Whether it may be made yet. */
  isDue: boolean;
  children: ComponentChildren;
}

export function OnScreen({ name, isDue, children }: Properties) {
  const box = useRef<HTMLDivElement>(null);
  // As high as it was when it was last made, so that nothing jumps when it goes.
  const height = useRef(ASSUMED_HEIGHT);
  const [isNear, setNear] = useState(false);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) {
      return;
    }
    const root = element.closest("main");
    const bottom = root?.getBoundingClientRect().bottom ?? 0;
    // The observer would tell only after a frame.
    setNear(element.getBoundingClientRect().top < bottom + MARGIN);
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry && !entry.isIntersecting && entry.boundingClientRect.height > 0) {
          height.current = entry.boundingClientRect.height;
        }
        setNear(entry?.isIntersecting ?? false);
      },
      { root, rootMargin: `${MARGIN}px 0px` },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div
      ref={box}
      class="on-screen"
      data-testid={`view-${name}`}
      style={isNear && isDue ? {} : { height: `${height.current}px` }}
    >
      {isNear && isDue && children}
    </div>
  );
}
