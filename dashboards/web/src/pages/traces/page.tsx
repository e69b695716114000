import type { JSX } from "preact";
import { useUrlState } from "../../data/url-state.ts";
import { ConversationList } from "./conversation-list.tsx";
import { TraceList } from "./trace-list.tsx";
import "./traces.css";

const lists = [
  ["", "Traces"],
  ["conversations", "Conversations"],
] as const;

/** Every trace and every conversation, by what it cost with all that ran under it. */
export function TracesPage(): JSX.Element {
  const [list, setList] = useUrlState("list");
  return (
    <div class="grid">
      <div class="list-switch" role="group" aria-label="Which list">
        {lists.map(([key, name]) => (
          <button key={key} type="button" aria-pressed={list === key} onClick={() => setList(key)}>
            {name}
          </button>
        ))}
      </div>
      {list === "conversations" ? <ConversationList /> : <TraceList />}
    </div>
  );
}
