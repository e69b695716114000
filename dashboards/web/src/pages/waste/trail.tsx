import type { JSX } from "preact";
import { addressWith, go } from "../../data/url-state.ts";
import { causeOf } from "../../flow/causes.ts";
import { divisions, nameless, type Opened, openedAs } from "./opened.ts";

/** The way back from what is opened. */
export function Trail({ opened }: { readonly opened: Opened }): JSX.Element | null {
  const { cause, by, name } = opened;
  if (cause === "") return null;
  const all = addressWith(openedAs({ cause: "", by: "agent", name: undefined }));
  return (
    <nav class="trail" aria-label="Opened">
      <a href={all}>all causes</a>
      {name === undefined ? (
        <span aria-current="location">{causeOf(cause).label}</span>
      ) : (
        <>
          <a href={addressWith(openedAs({ ...opened, name: undefined }))}>{causeOf(cause).label}</a>
          <span aria-current="location">{name === "" ? nameless[by] : name}</span>
        </>
      )}
    </nav>
  );
}

/** Chooses what a cause is divided by. */
export function Divide({ opened }: { readonly opened: Opened }): JSX.Element {
  return (
    <label class="choice">
      by{" "}
      <select
        value={opened.by}
        onChange={({ currentTarget }) => {
          const by = divisions.find((one) => one === currentTarget.value) ?? "agent";
          go(addressWith(openedAs({ ...opened, by, name: undefined })), "replace");
        }}
      >
        {divisions.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}
