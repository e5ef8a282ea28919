/** Light or dark, as TensorBoard is. */

const DARK_CLASS = "dark-mode";

/** Keeps `data-theme` on our root element as TensorBoard's own theme is, or else the system's. */
export function followTheme(): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const host = hostBody();
  const apply = () => {
    const isDark = host ? host.classList.contains(DARK_CLASS) : system.matches;
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
  };
  apply();
  if (host) {
    new MutationObserver(apply).observe(host, { attributes: true, attributeFilter: ["class"] });
  } else {
    system.addEventListener("change", apply);
  }
}

/** Calls back whenever the theme changes. */
export function onThemeChange(callback: () => void): void {
  const options = { attributes: true, attributeFilter: ["data-theme"] };
  new MutationObserver(callback).observe(document.documentElement, options);
}

/** Whether the theme is dark by now. */
export function isDark(): boolean {
  return document.documentElement.dataset.theme === "dark";
}

function hostBody(): HTMLElement | null {
  try {
    return window.parent === window ? null : window.parent.document.body;
  } catch {
    // Shown by a page of another origin, which doesn't let us look.
    return null;
  }
}
