/** Asks the server, and tells its own reason where it has no answer. */

/** Until when an answer is wanted, and how urgently: browsers have few connections to a server. */
export type Manner = Pick<RequestInit, "signal" | "priority">;

/**
 * Fetches an address.
 *
 * @throws {Error} with the server's one-line reason, or why there was no answer at all.
 */
export async function answer(url: string, manner: Manner = {}): Promise<Response> {
  const response = await fetch(url, manner).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") {
      throw error;
    }
    throw new Error("TensorBoard does not answer: is it still running?");
  });
  if (!response.ok) {
    const reason = (await response.text()).trim().split("\n")[0];
    throw new Error(reason || `TensorBoard answered ${response.status}`);
  }
  return response;
}

/** Whether an error only says that we no longer want the answer. */
export function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** Why something failed, as a text. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
