/** What a person filters a list by: a regular expression, whatever the case. */

/** A text as a regular expression, or why it is none. */
export function patternOf(text: string): RegExp | Error {
  try {
    return new RegExp(text, "i");
  } catch (error) {
    return error as Error;
  }
}

/** Those that a filter lets through by one of their texts; all of them while it is no regular expression. */
export function matching<T>(
  all: readonly T[],
  pattern: RegExp | Error,
  textsOf: (one: T) => readonly string[],
): readonly T[] {
  return pattern instanceof Error
    ? all
    : all.filter((one) => textsOf(one).some((text) => pattern.test(text)));
}
