/** What can be done, and what each symbol means: on one sheet. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { isHelpOpen } from "../../state/help";
import { GESTURES, KEYS } from "./help_texts";
import { SIZE, SYMBOLS } from "./symbols";

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = isHelpOpen.value;
  useLayoutEffect(() => {
    if (isOpen) {
      dialog.current?.showModal();
    } else {
      dialog.current?.close();
    }
  }, [isOpen]);
  const close = () => {
    isHelpOpen.value = false;
  };
  return (
    <dialog
      class="help-sheet"
      ref={dialog}
      data-testid="help"
      aria-labelledby="help-title"
      onClose={close}
    >
      <h2 id="help-title">
        How to read this tab
        <button type="button" class="quiet-button" data-testid="close-help" onClick={close}>
          Close
        </button>
      </h2>
      <div class="help-columns">
        <section>
          <h3>Keys</h3>
          <dl>
            {KEYS.map(({ keys, text }) => (
              <div key={text}>
                <dt>
                  {keys.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </section>
        <section>
          <h3>Pointer</h3>
          <dl>
            {GESTURES.map(({ name, text }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </section>
        {SYMBOLS.map(({ title, symbols }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {symbols.map(({ name, drawn, text }) => (
                <div key={name} data-testid="symbol">
                  <dt>
                    <svg class="symbol" {...SIZE} aria-hidden="true">
                      {drawn}
                    </svg>
                    {name}
                  </dt>
                  <dd>{text}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </dialog>
  );
}
