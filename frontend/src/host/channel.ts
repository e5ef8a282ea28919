/** TensorBoard's channel to the plugins that it shows in an iframe. */

interface Message {
  type: string;
  id: number;
  payload: unknown;
  error: string | null;
  isReply: boolean;
}

/** How long TensorBoard may take to answer, in milliseconds; a host that is none never does. */
const PATIENCE = 10_000;

/** Our end of the channel; null where no TensorBoard is around us. */
const port = openChannel();
const listeners = new Map<string, () => void>();
const waiting = new Map<number, (message: Message) => void>();
let lastId = 0;

/** Calls back whenever TensorBoard has reloaded its data: by its button, or by itself. */
export function onDataReloaded(callback: () => void): void {
  listeners.set("experimental.DataReloaded", callback);
}

/** Asks TensorBoard; null where it doesn't answer. */
export function ask(type: string): Promise<unknown> {
  if (!port) {
    return Promise.resolve(null);
  }
  lastId += 1;
  const id = lastId;
  return new Promise((resolve) => {
    const settle = (answer: unknown) => {
      clearTimeout(timer);
      waiting.delete(id);
      resolve(answer);
    };
    const timer = setTimeout(() => settle(null), PATIENCE);
    waiting.set(id, ({ payload, error }) => settle(error === null ? payload : null));
    send({ type, id, payload: null, error: null, isReply: false });
  });
}

function openChannel(): MessagePort | null {
  if (window.parent === window) {
    return null;
  }
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = (event: MessageEvent<string>) => receive(JSON.parse(event.data) as Message);
  window.parent.postMessage("experimental.bootstrap", "*", [port2]);
  return port1;
}

function receive(message: Message): void {
  if (message.isReply) {
    waiting.get(message.id)?.(message);
    return;
  }
  // TensorBoard waits for an answer to all that it tells.
  send({ ...message, payload: null, error: null, isReply: true });
  listeners.get(message.type)?.();
}

function send(message: Message): void {
  port?.postMessage(JSON.stringify(message));
}
