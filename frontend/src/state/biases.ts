/** Which matrices are biases: strips beside the matrices that say how large a cell is. */

const BIASES = ["bias", "recurrent_bias"];

/** Whether a matrix is a bias, which is drawn as a strip. */
export function isBias(matrix: string): boolean {
  return BIASES.includes(matrix);
}
