/** Between which magnitudes colours run. */

/** The magnitude at the end of the colours, and the one where logarithmic colours begin: all below it is as zero. */
export interface Span {
  low: number;
  high: number;
}

/** Over how many decades logarithmic colours run. */
export function decades({ low, high }: Span): number {
  return Math.log10(high / low);
}
