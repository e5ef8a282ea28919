/** What is shown where nothing was logged yet: how to log something. */

import { useState } from "preact/hooks";

const KERAS = `import tensorboard_plugin_rnnweights as rnnweights

model.fit(x, y, callbacks=[rnnweights.RNNWeights("logs/run1", update_freq="epoch")])`;

const CUSTOM_LOOP = `with rnnweights.SummaryWriter("logs/run1") as writer:
    for step, (x, y) in enumerate(batches):
        gradients = train_step(x, y)
        writer.add_weights(model, step)
        writer.add_gradients(model, gradients, step)`;

export function Empty() {
  return (
    <main class="empty" data-testid="empty">
      <h2>No recurrent layers were logged here yet</h2>
      <p>
        This tab shows the weights and gradients of LSTM, GRU and other recurrent layers, gate by
        gate, while they train. With Keras, one line logs them:
      </p>
      <Code text={KERAS} />
      <p>
        With <code>probe=(x, y)</code>, one batch on which the model is looked at, it shows what
        flows through the gates as well, and how far back the gradient reaches.
      </p>
      <p>In any other training loop:</p>
      <Code text={CUSTOM_LOOP} />
      <p>
        Then look at them with <code>tensorboard --logdir logs</code>. If you have just started a
        training, its first numbers come here with TensorBoard's next reload.
      </p>
    </main>
  );
}

function Code({ text }: { text: string }) {
  const [isCopied, setCopied] = useState(false);
  return (
    <div class="code">
      <pre>
        <code>{text}</code>
      </pre>
      {/* Browsers have no clipboard for pages that came over plain HTTP from another machine. */}
      {navigator.clipboard && (
        <button
          type="button"
          onClick={async () => {
            await navigator.clipboard.writeText(text);
            setCopied(true);
          }}
        >
          {isCopied ? "Copied" : "Copy"}
        </button>
      )}
    </div>
  );
}
