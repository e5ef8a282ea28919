/** A choice of one among a few that all stand side by side. */

interface Properties<T extends string> {
  /** What is chosen, for those who don't see it. */
  label: string;
  /** What the buttons' test ids begin with; none where tests don't need them. */
  name?: string;
  options: readonly (readonly [T, string, string?])[];
  value: T | undefined;
  onChoose: (chosen: T) => void;
}

/** Each option has a value, a text, and, if need be, a sentence that tells more. */
export function Segments<T extends string>(properties: Properties<T>) {
  const { label, name, options, value, onChoose } = properties;
  return (
    <fieldset class="segments small" aria-label={label}>
      {options.map(([option, text, help]) => (
        <button
          type="button"
          key={option}
          title={help}
          data-testid={name && `${name}-${option}`}
          aria-pressed={option === value}
          onClick={() => onChoose(option)}
        >
          {text}
        </button>
      ))}
    </fieldset>
  );
}
