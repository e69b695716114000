import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { range } from "../../data/selection.ts";
import { addressWith, go } from "../../data/url-state.ts";
import { useView } from "../../data/view.ts";
import { useDebounced } from "../../flow/debounced.ts";

/** A model, and who serves it; an empty provider is each call's own. */
export interface ChosenModel {
  readonly provider: string;
  readonly model: string;
}

/** Searches the price catalogue for a model: those that are spelled most like what is written. */
export function ModelPicker({ chosen }: { readonly chosen: ChosenModel }): JSX.Element {
  const used = useView<ChosenModel>("model_cost", { ...range.value }).rows;
  const [written, setWritten] = useState("");
  const [dearest] = used;
  const asked = useDebounced(written, settleMs) || (dearest?.model ?? "");
  const provider = asked === dearest?.model ? dearest.provider : "";
  const found = useView<ChosenModel>("similar_models", asked === "" ? undefined : { provider, model: asked });
  const isChosen = (one: ChosenModel): boolean => one.model === chosen.model && one.provider === chosen.provider;
  return (
    <div class="picker">
      <label>
        Model
        <input
          type="search"
          value={written}
          placeholder="search the price catalogue"
          spellcheck={false}
          onInput={({ currentTarget }) => setWritten(currentTarget.value)}
        />
      </label>
      <ul class="chips" aria-label={written === "" ? "Models spelled like the dearest one" : "Models found"}>
        {found.rows.map((one) => (
          <li key={`${one.provider} ${one.model}`}>
            <button type="button" aria-pressed={isChosen(one)} onClick={() => choose(one)}>
              {one.model} <span class="faint">{one.provider}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

const choose = ({ model, provider }: ChosenModel): void => go(addressWith({ model, provider }), "replace");
const settleMs = 250;
