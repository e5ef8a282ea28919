/** Something that is on or off. */

import type { Signal } from "@preact/signals";

export function Toggle({ label, value }: { label: string; value: Signal<boolean> }) {
  return (
    <label class="toggle">
      <input
        type="checkbox"
        checked={value.value}
        onChange={(event) => {
          value.value = event.currentTarget.checked;
        }}
      />
      {label}
    </label>
  );
}
