import type { JSX } from "preact";
import { useUrlState } from "../../data/url-state.ts";

interface ChoiceProperties {
  readonly label: string;
  /** Key in the address. */
  readonly name: string;
  readonly choices: readonly { readonly key: string; readonly title: string }[];
}

/** One of a few, kept in the address; the first is what is asked where it says none. */
export function Choice({ label, name, choices }: ChoiceProperties): JSX.Element {
  const [key, setKey] = useUrlState(name, choices[0]?.key);
  return (
    <label class="choice">
      {label}{" "}
      <select value={key} onChange={({ currentTarget }) => setKey(currentTarget.value)}>
        {choices.map((one) => (
          <option key={one.key} value={one.key}>
            {one.title}
          </option>
        ))}
      </select>
    </label>
  );
}
