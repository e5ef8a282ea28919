/** A field for a regular expression that a list is filtered by; it tells where it is none. */

import type { Signal } from "@preact/signals";

interface Properties {
  /** What is filtered: `runs`. */
  noun: string;
  value: Signal<string>;
  pattern: RegExp | Error;
  /** What its field and its fault are called among the tests. */
  id: { field: string; fault: string };
}

export function FilterField({ noun, value, pattern, id }: Properties) {
  return (
    <>
      <input
        type="search"
        placeholder={`Filter ${noun} (regexp)`}
        aria-label={`Filter ${noun} by a regular expression`}
        aria-invalid={pattern instanceof Error}
        data-testid={id.field}
        value={value.value}
        onInput={(event) => {
          value.value = event.currentTarget.value;
        }}
      />
      {pattern instanceof Error && (
        <p class="fault" role="alert" data-testid={id.fault}>
          {pattern.message}
        </p>
      )}
    </>
  );
}
