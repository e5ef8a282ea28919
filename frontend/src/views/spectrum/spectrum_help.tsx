/** Why the spectrum of a recurrent block matters. */

export function SpectrumHelp() {
  return (
    <details class="spectrum-help">
      <summary>What this tells of vanishing and exploding gradients</summary>
      <p>
        Going one time step back multiplies the gradient by the recurrent block, and by the slope of
        the activation. In a plain recurrent layer with tanh it is bound to vanish where the largest
        singular value, the spectral norm, stays below 1, and can explode only where that is above 1
        (
        <a href="https://arxiv.org/abs/1211.5063" target="_blank" rel="noopener">
          Pascanu, Mikolov and Bengio 2013, On the difficulty of training recurrent neural networks
        </a>
        ); were the activation linear, the spectral radius alone would decide. In gated cells there
        are further ways back, such as the cell state through the forget gate, so there it is a
        hint, and the gradient flow on a probe is the answer.
      </p>
    </details>
  );
}
