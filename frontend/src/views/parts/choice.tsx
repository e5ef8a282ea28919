/** A choice of one among a few, as a drop-down list with its name before it. */

import type { Signal } from "@preact/signals";
import { useId } from "preact/hooks";

interface Properties<T extends string> {
  label: string;
  value: Signal<T>;
  options: readonly (readonly [T, string])[];
}

export function Choice<T extends string>({ label, value, options }: Properties<T>) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value.value}
        onChange={(event) => {
          value.value = event.currentTarget.value as T;
        }}
      >
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
