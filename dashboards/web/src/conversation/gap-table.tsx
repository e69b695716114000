import type { JSX } from "preact";
import { DataTable, type TableColumn } from "../components/data-table.tsx";
import { compact, sumUsd, usd } from "../data/money.ts";
import { gapsOf, type Gap } from "./cache-life.ts";
import { idleText } from "./turn-text.ts";
import type { Turn } from "./turn.ts";

type CostlyGap = Gap & { readonly turn: Turn };

const columns: readonly TableColumn<CostlyGap>[] = [
  { key: "turn", title: "Before turn", isNumber: true, value: ({ turn }) => turn.turn },
  { key: "agent", title: "Agent", value: ({ turn }) => turn.agent_name || "no agent" },
  {
    key: "idle",
    title: "Idle",
    isNumber: true,
    value: ({ idleMs }) => idleMs,
    render: ({ idleMs }) => idleText(idleMs),
  },
  { key: "kept", title: "Cache kept for", value: ({ turn }) => turn.kept_for || "not told" },
  {
    key: "tokens",
    title: "Written again",
    isNumber: true,
    value: ({ rewrittenTokens }) => rewrittenTokens,
    render: ({ rewrittenTokens }) => `${compact(rewrittenTokens)} tokens`,
  },
  {
    key: "loss",
    title: "Cost above reading it",
    isNumber: true,
    value: ({ lossUsd }) => lossUsd,
    render: ({ lossUsd }) => usd(lossUsd),
  },
];

/** The idle gaps after which something had to be written to the cache again, and what each of them cost. */
export function GapTable({ turns, hrefOf }: { turns: readonly Turn[]; hrefOf: (turn: Turn) => string }): JSX.Element {
  const costly = gapsOf(turns).flatMap((gap) => {
    const turn = turns[gap.to];
    return turn === undefined || gap.rewrittenTokens === 0 ? [] : [{ ...gap, turn }];
  });
  if (costly.length === 0) return <p class="faint">Nothing that had been in the cache was written to it again.</p>;
  return (
    <>
      <p class="gap-sum">
        {costly.length === 1 ? "One idle gap" : `${costly.length} idle gaps`} cost{" "}
        <b>{usd(sumUsd(costly.map(({ lossUsd }) => lossUsd)))}</b> above what reading from the cache would have.
      </p>
      <DataTable
        id="gaps"
        label="What each idle gap cost"
        rows={costly}
        columns={columns}
        order="-loss"
        maxHeight={260}
        href={({ turn }) => hrefOf(turn)}
      />
    </>
  );
}
