import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { asked, defaultSince, range, select, wholeLedger } from "../data/selection.ts";

const choices: readonly (readonly [value: string, label: string])[] = [
  ["24h", "24 hours"],
  ["7d", "7 days"],
  [defaultSince, "30 days"],
  ["90d", "90 days"],
  [wholeLedger, "all time"],
];

/** Chooses the range of time: one of the usual ones, or from one day to another, in UTC. */
export function RangePicker(): JSX.Element {
  const { from, to } = asked.value;
  const isOwn = to !== "" || !choices.some(([value]) => value === from);
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <div class="range" role="group" aria-label="Range of time">
      {choices.map(([value, label]) => (
        <button
          type="button"
          key={value}
          aria-pressed={!isOwn && from === value}
          onClick={() => select({ from: value, to: "" })}
        >
          {label}
        </button>
      ))}
      <button type="button" aria-pressed={isOwn} onClick={() => dialog.current?.showModal()}>
        {isOwn ? `${from} to ${to === "" ? "now" : to}` : "Other …"}
      </button>
      <dialog ref={dialog} aria-labelledby="range-title">
        <form
          method="dialog"
          onSubmit={(event) => {
            const given = new FormData(event.currentTarget);
            select({ from: textIn(given, "from"), to: textIn(given, "to") });
          }}
        >
          <h2 id="range-title">Range of time, in UTC</h2>
          <label>
            From
            <input type="text" name="from" required value={isOwn ? from : range.value.from.slice(0, 10)} />
          </label>
          <label>
            Up to, exclusive
            <input type="text" name="to" value={to} placeholder="now" />
          </label>
          <p class="faint">As the command line takes them: 24h, 7d, 2026-11-01 or 2026-11-01T12:00Z</p>
          <p class="dialog-end">
            <button type="button" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
            <button type="submit">Show</button>
          </p>
        </form>
      </dialog>
    </div>
  );
}

function textIn(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
}
