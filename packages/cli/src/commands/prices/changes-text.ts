import type { PriceChange } from "@tokenledger/prices";
import { dim } from "../../output/style.ts";
import { table, type Column } from "../../output/table.ts";

const longest = 60;

/** What a newer list changes: how many models come and go, and every price that becomes another. */
export function changesText(changes: readonly PriceChange[]): string {
  if (changes.length === 0) return "No price changes.";
  const models = [...Map.groupBy(changes, ({ provider, model }) => `${provider} ${model}`).values()];
  const [added, gone] = (["before", "after"] as const).map(
    (side) => models.filter((rows) => rows.every((row) => row[side] === null)).length,
  );
  const changed = changes.filter(({ before, after }) => before !== null && after !== null);
  const lines = [`${added} models get a price, ${gone} lose theirs, ${changed.length} prices change.`];
  const others = changes.filter(({ before, after }) => (before === null) !== (after === null));
  const shown = [...changed, ...others].slice(0, longest);
  lines.push(table(shown, columns));
  if (changes.length > shown.length) lines.push(dim(`… and ${changes.length - shown.length} more: --json lists all`));
  return lines.join("\n");
}

const columns: Column<PriceChange>[] = [
  { heading: "provider", show: (row) => row.provider },
  { heading: "model", show: (row) => row.model, width: 40 },
  { heading: "tier", show: (row) => `${row.service_tier}${row.region === "" ? "" : ` ${row.region}`}` },
  { heading: "component", show: (row) => row.component },
  { heading: "over", show: (row) => (row.context_from === 0 ? "" : String(row.context_from - 1)), align: "right" },
  { heading: "$/million before", show: (row) => row.before ?? "none", align: "right" },
  { heading: "after", show: (row) => row.after ?? "none", align: "right" },
];
