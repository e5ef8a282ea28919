/** What the probe reads at each time step, made visible, and where there is room for it. */

const GLYPHS: Record<string, string> = { " ": "␣", "\n": "↵", "\r": "↵", "\t": "⇥" };

/** A token in which white space can be seen. */
export function visible(token: string): string {
  return GLYPHS[token] ?? token.replace(/[ \n\r\t]/g, (space) => GLYPHS[space] ?? space);
}

const PIXELS_A_CHARACTER = 6.2;
const GAP = 1;
/** From how many pixels a time step on a token can stand upright. */
const UPRIGHT_PIXELS = 11;
/** How many characters an upright token has at most. */
const UPRIGHT_CHARACTERS = 9;

/** Tokens as they stand below an axis, one a time step, and how. */
export interface TokenRow {
  isUpright: boolean;
  texts: string[];
}

/**
 * Lays tokens out below a time axis: side by side, or upright where they don't fit so.
 *
 * @param tokens - One a time step.
 * @param pixels - How wide a time step is.
 * @returns null if there is room for neither: some of them alone would be read as one text.
 */
export function tokenRow(tokens: readonly string[], pixels: number): TokenRow | null {
  const texts = tokens.map(visible);
  if (!texts.some((text, time) => time > 0 && isTight(texts[time - 1] ?? "", text, pixels))) {
    return { isUpright: false, texts };
  }
  return pixels >= UPRIGHT_PIXELS ? { isUpright: true, texts: texts.map(shortened) } : null;
}

/** Whether a token runs into the one before it. */
function isTight(before: string, token: string, pixels: number): boolean {
  return before !== "" && token !== "" && (width(before) + width(token)) / 2 + GAP > pixels;
}

function width(text: string): number {
  return [...text].length * PIXELS_A_CHARACTER;
}

function shortened(text: string): string {
  const characters = [...text];
  return characters.length > UPRIGHT_CHARACTERS
    ? `${characters.slice(0, UPRIGHT_CHARACTERS - 1).join("")}…`
    : text;
}
