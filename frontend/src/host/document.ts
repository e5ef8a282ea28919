/** Our own document: TensorBoard makes it, and says neither what it is nor in which language. */

const TITLE = "RNN Weights";

/** Says so, to those who hear the page. */
export function describeDocument(): void {
  document.title = TITLE;
  document.documentElement.lang = "en";
  const frame = frameOfOurs();
  if (frame && !frame.title) {
    frame.title = TITLE;
  }
}

function frameOfOurs(): HTMLIFrameElement | null {
  try {
    return window.frameElement as HTMLIFrameElement | null;
  } catch {
    // Shown by a page of another origin, which doesn't let us look.
    return null;
  }
}
