import type { JSX } from "preact";
import { Choice } from "../../components/choice.tsx";
import { addressWith, go } from "../../data/url-state.ts";
import { causeText } from "../../data/words.ts";
import { type Division, divisions, nameless, type Opened, openedAs } from "./opened.ts";

/** The way back from what is opened. */
export function Trail({ opened }: { readonly opened: Opened }): JSX.Element | null {
  const { cause, by, name } = opened;
  if (cause === "") return null;
  const all = addressWith(openedAs({ cause: "", by: "agent", name: undefined }));
  return (
    <nav class="trail" aria-label="Opened">
      <a href={all}>all causes</a>
      {name === undefined ? (
        <span aria-current="location">{causeText(cause)}</span>
      ) : (
        <>
          <a href={addressWith(openedAs({ ...opened, name: undefined }))}>{causeText(cause)}</a>
          <span aria-current="location">{name === "" ? nameless[by] : name}</span>
        </>
      )}
    </nav>
  );
}

/** Chooses what a cause is divided by. */
export function Divide({ opened }: { readonly opened: Opened }): JSX.Element {
  return (
    <Choice<Division>
      label="by"
      value={opened.by}
      options={divisions.map((one) => [one, one] as const)}
      onChoose={(by) => go(addressWith(openedAs({ ...opened, by, name: undefined })), "replace")}
    />
  );
}
