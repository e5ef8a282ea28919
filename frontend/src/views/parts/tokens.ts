/** What the probe reads at each time step, made visible, and where there is room for it. */

const GLYPHS: Record<string, string> = { " ": "␣", "\n": "↵", "\r": "↵", "\t": "⇥" };

/** A token in which white space can be seen. */
export function visible(token: string): string {
  return GLYPHS[token] ?? token.replace(/[ \n\r\t]/g, (space) => GLYPHS[space] ?? space);
}

const PIXELS_A_CHARACTER = 6.2;
const GAP = 2;
/** Between tokens of which some are left out, so that nobody reads them as one text. */
const WIDE_GAP = 9;
/** From how many pixels a time step on a token can stand upright. */
const UPRIGHT_PIXELS = 11;
/** How many characters an upright token has at most. */
const UPRIGHT_CHARACTERS = 9;

/** Tokens as they stand below an axis, and how. */
export interface TokenRow {
  isUpright: boolean;
  /** Whether none is left out. */
  isWhole: boolean;
  places: { time: number; text: string }[];
}

/**
 * Chooses the tokens that fit below a time axis.
 *
 * Where not all of them fit side by side, they stand upright; where even so there is no room for each, every one that
 * would run into the last is left out.
 *
 * @param tokens - One a time step.
 * @param pixels - How wide a time step is.
 */
export function tokenRow(tokens: readonly string[], pixels: number): TokenRow {
  const all = tokens.map((token, time) => ({ time, text: visible(token) }));
  const widest = Math.max(0, ...all.map(({ text }) => width(text)));
  if (widest + GAP > pixels && pixels >= UPRIGHT_PIXELS) {
    const places = all.map(({ time, text }) => ({ time, text: shortened(text) }));
    return { isUpright: true, isWhole: true, places };
  }
  const close = fitting(all, pixels, GAP);
  return close.length === all.length
    ? { isUpright: false, isWhole: true, places: close }
    : { isUpright: false, isWhole: false, places: fitting(all, pixels, WIDE_GAP) };
}

/** Each token that doesn't run into the one before it. */
function fitting(all: TokenRow["places"], pixels: number, gap: number): TokenRow["places"] {
  let end = Number.NEGATIVE_INFINITY;
  return all.filter(({ time, text }) => {
    const middle = (time + 0.5) * pixels;
    const fits = middle - width(text) / 2 >= end;
    end = fits ? middle + width(text) / 2 + gap : end;
    return fits;
  });
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
