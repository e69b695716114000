import type { JSX } from "preact";
import { CallsPanel } from "./calls-panel.tsx";
import { NamedWastesSection } from "./named-wastes-section.tsx";
import { opened } from "./opened.ts";
import { OverTimePanel } from "./over-time-panel.tsx";
import { SpendPanel } from "./spend-panel.tsx";
import "./waste.css";

/** What every token was paid for, and what of it was in vain. */
export function WastePage(): JSX.Element {
  const place = opened();
  return (
    <div class="grid">
      {place.name === undefined ? <SpendPanel key={`${place.cause} ${place.by}`} opened={place} /> : null}
      {place.cause === "" ? null : <CallsPanel key={JSON.stringify(place)} opened={place} />}
      {place.name === undefined ? <OverTimePanel cause={place.cause} /> : null}
      {place.cause === "" ? <NamedWastesSection /> : null}
    </div>
  );
}
