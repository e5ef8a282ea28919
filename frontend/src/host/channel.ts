/** TensorBoard's channel to the plugins that it shows in an iframe. */

interface Message {
  type: string;
  id: number;
  payload: unknown;
  error: string | null;
  isReply: boolean;
}

/**
 * Calls back whenever TensorBoard has reloaded its data: by its button, or by itself.
 *
 * Where no TensorBoard is around us, nothing ever happens.
 */
export function onDataReloaded(callback: () => void): void {
  if (window.parent === window) {
    return;
  }
  const channel = new MessageChannel();
  channel.port1.onmessage = (event: MessageEvent<string>) => {
    const message = JSON.parse(event.data) as Message;
    if (message.isReply) {
      return;
    }
    // TensorBoard waits for an answer to all that it tells.
    const reply: Message = { ...message, payload: null, error: null, isReply: true };
    channel.port1.postMessage(JSON.stringify(reply));
    if (message.type === "experimental.DataReloaded") {
      callback();
    }
  };
  window.parent.postMessage("experimental.bootstrap", "*", [channel.port2]);
}
