import type { JSX } from "preact";
import { tokensColumn } from "../components/columns.tsx";
import { DataTable, type TableColumn } from "../components/data-table.tsx";
import { usd } from "../data/money.ts";
import { costText, idleText } from "./turn-text.ts";
import type { TokenColumn, Turn } from "./turn.ts";

const tokens = (key: TokenColumn, title: string): TableColumn<Turn> => tokensColumn(key, title, (turn) => turn[key]);

const columns: readonly TableColumn<Turn>[] = [
  { key: "turn", title: "Turn", isNumber: true, value: ({ turn }) => turn },
  { key: "agent", title: "Agent", value: ({ agent_name }) => agent_name || "no agent" },
  {
    key: "at",
    title: "Began (UTC)",
    value: ({ started_at }) => started_at,
    render: (turn) => turn.started_at.slice(5, 19),
  },
  {
    key: "idle",
    title: "Idle before",
    isNumber: true,
    value: ({ idle_ms }) => idle_ms,
    render: ({ idle_ms }) => (idle_ms === null ? "" : idleText(idle_ms)),
  },
  tokens("input_tokens", "Input"),
  tokens("cache_read_tokens", "From cache"),
  tokens("cache_write_tokens", "To cache"),
  tokens("in_full_tokens", "In full"),
  tokens("new_tokens", "New"),
  tokens("output_tokens", "Output"),
  {
    key: "missed",
    title: "Missed discount",
    isNumber: true,
    value: ({ missed_discount_usd }) => missed_discount_usd,
    render: ({ missed_discount_usd }) => (Number(missed_discount_usd) === 0 ? "" : usd(missed_discount_usd)),
  },
  { key: "cost", title: "Cost", isNumber: true, value: ({ known_cost_usd }) => known_cost_usd, render: costText },
];

/** The turns as they are: the equal of the drawing. */
export function TurnTable({ turns, hrefOf }: { turns: readonly Turn[]; hrefOf: (turn: Turn) => string }): JSX.Element {
  return <DataTable id="turns" label="Turns" rows={turns} columns={columns} maxHeight={340} href={hrefOf} />;
}
