import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { selection } from "../../data/selection.ts";
import { useView } from "../../data/view.ts";
import { CallsPanel } from "./calls-panel.tsx";
import { NamedWastePanel } from "./named-waste-panel.tsx";
import { namedWastes } from "./named-wastes.ts";
import { opened } from "./opened.ts";
import { OverTimePanel } from "./over-time-panel.tsx";
import { SpendPanel } from "./spend-panel.tsx";
import "./waste.css";

/** What every token was paid for, and what of it was in vain. */
export function WastePage(): JSX.Element {
  const place = opened();
  return (
    <div class="grid">
      {place.name === undefined ? <SpendPanel opened={place} /> : null}
      {place.cause === "" ? null : <CallsPanel opened={place} />}
      {place.name === undefined ? <OverTimePanel cause={place.cause} /> : null}
      {place.cause === "" ? <NamedWastes /> : null}
    </div>
  );
}

/** The named wastes, asked for a few at a time: each takes much of the server. */
function NamedWastes(): JSX.Element {
  const [settled, setSettled] = useState(0);
  const [total] = useView<{ readonly known_cost_usd: string }>("selection_total", {
    ...selection.value,
    ...everything,
  }).rows;
  const isNarrowed = Object.keys(everything).some((key) => selection.value[key as keyof typeof everything] !== "");
  return (
    <>
      <div class="section-head">
        <h2>Wastes by name</h2>
        <p>
          Parts of the causes above, looked at one by one: they overlap, so they do not add up.
          {isNarrowed ? " They are asked of the whole range of time, not of the one selected." : ""}
        </p>
      </div>
      {namedWastes.map((waste, at) => (
        <NamedWastePanel
          key={waste.view}
          waste={waste}
          isDue={at < settled + atOnce}
          onSettled={() => setSettled((before) => Math.max(before, at + 1))}
          spent={total?.known_cost_usd ?? ""}
        />
      ))}
    </>
  );
}

/** What these views know no part of the ledger by. */
const everything = { in_trace: "", in_conversation: "", in_service: "" };
const atOnce = 2;
