import type { JSX } from "preact";
import { Icon } from "../components/icon.tsx";
import { select, selection } from "../data/selection.ts";

const names = { in_trace: "trace", in_conversation: "conversation", in_service: "service" } as const;
const keys = ["in_trace", "in_conversation", "in_service"] as const;

/** What the page is narrowed to, each to be taken away. */
export function SelectionFilters(): JSX.Element | null {
  const set = keys.filter((key) => selection.value[key] !== "");
  if (set.length === 0) return null;
  return (
    <ul class="filters" aria-label="Only">
      {set.map((key) => (
        <li key={key}>
          {names[key]} <b>{selection.value[key]}</b>
          <button type="button" class="quiet" onClick={() => select({ [key]: "" })}>
            <Icon name="close" size={10} />
            <span class="visually-hidden">Show every {names[key]}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
