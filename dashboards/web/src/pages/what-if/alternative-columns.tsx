import type { TableColumn } from "../../components/data-table.tsx";
import { countColumn, moneyColumn, nameColumn } from "../../components/columns.tsx";
import type { Alternative } from "./alternative.ts";

/** The columns of an answer; what only some views tell is there where they do. */
export function alternativeColumns(rows: readonly Alternative[]): TableColumn<Alternative>[] {
  const [row] = rows;
  return [
    nameColumn("agent", "Agent", ({ agent_name }) => agent_name, "no agent"),
    nameColumn("model", "Model", ({ model }) => model, "no model"),
    { ...countColumn("calls", "Changed", (one) => one.changed_calls), render: changedText },
    moneyColumn(
      "cost",
      "Billed",
      (one) => one.known_cost_usd,
      (one) => one.cost_usd === null,
    ),
    moneyColumn("then", "What if", (one) => one.what_if_cost_usd),
    moneyColumn("saved", "Saved", (one) => one.saved_usd),
    ...(row?.least_saved_usd === undefined ? [] : bounds),
    ...(row?.break_even_tokens === undefined ? [] : [breakEven]),
    countColumn("unpriced", "Without a price", (one) => one.unpriced_calls),
    ...(row?.unrecorded_calls === undefined ? [] : [unrecorded]),
  ];
}

const changedText = ({ changed_calls, calls }: Alternative): string => `${changed_calls} of ${calls}`;

const bounds: readonly TableColumn<Alternative>[] = [
  moneyColumn("least", "At least", (one) => one.least_saved_usd ?? null),
  moneyColumn("most", "At most", (one) => one.most_saved_usd ?? null),
];

/** How many times as many tokens the other model may take before nothing is saved. */
const breakEven: TableColumn<Alternative> = {
  key: "break-even",
  title: "Breaks even at",
  isNumber: true,
  value: (one) => one.break_even_tokens ?? null,
  render: ({ break_even_tokens: times }) => (times === null || times === undefined ? "–" : `× ${times} tokens`),
};

const unrecorded = countColumn<Alternative>("unrecorded", "Without a record", (one) => one.unrecorded_calls ?? null);
