import type { ComponentChildren, JSX } from "preact";
import { countColumn } from "../../components/columns.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import { count, share } from "../../data/money.ts";
import type { PriceCoverage, UsageCoverage } from "../../data/rows.ts";
import { range } from "../../data/selection.ts";
import { useView } from "../../data/view.ts";
import { nameOr, reasonText } from "../../data/words.ts";

const sumOf = (counts: readonly string[]): string => counts.reduce((sum, one) => sum + BigInt(one), 0n).toString();

/** How sure the token counts are. */
export function UsageCertainty(): JSX.Element {
  const view = useView<UsageCoverage>("usage_coverage", { ...range.value });
  const calls = sumOf(view.rows.map((row) => row.calls));
  const reported = sumOf(view.rows.map((row) => row.reported));
  return (
    <Panel
      class="half"
      title="How sure the token counts are"
      question="What providers reported, what was counted here, and what nobody said."
      view={view}
      note={`${share(reported, calls)} of ${count(calls)} calls have the provider's own final counts.`}
    >
      <DataTable
        label="Token counts by provider"
        id="usage"
        rows={view.rows}
        maxHeight={260}
        columns={[
          { key: "provider", title: "provider", value: (row) => nameOr(row.provider, "unknown") },
          { key: "scope", title: "as told by", value: (row) => nameOr(row.scope_name, "nobody") },
          ...(["calls", "reported", "partial", "estimated", "no_usage", "inconsistent"] as const).map((key) => ({
            key,
            title: key.replace("_", " "),
            isNumber: true,
            value: (row: UsageCoverage) => row[key],
            render: (row: UsageCoverage) => (
              <Counted number={row[key]} isDoubt={key !== "calls" && key !== "reported"} />
            ),
          })),
        ]}
      />
    </Panel>
  );
}

/** A count in a column that should be empty stands out. */
const Counted = ({ number, isDoubt }: { number: string; isDoubt: boolean }): JSX.Element => (
  <span class={number === "0" ? "faint" : isDoubt ? "warn" : ""}>{count(number)}</span>
);

/** Which calls have a price, and why the others do not. */
export function PriceCertainty({ more }: { more?: ComponentChildren }): JSX.Element {
  const view = useView<PriceCoverage>("price_coverage", { ...range.value });
  const calls = sumOf(view.rows.map((row) => row.calls));
  const unpriced = view.rows.filter(({ reason }) => reason !== "");
  const priced = sumOf(view.rows.filter(({ reason }) => reason === "").map((row) => row.calls));
  return (
    <Panel
      class="half"
      title="How sure the prices are"
      question="Which calls have a price, and why the others do not."
      view={view}
      note={
        <>
          {share(priced, calls)} of {count(calls)} calls have a price.
          {more}
        </>
      }
    >
      {unpriced.length === 0 ? (
        <p>Every call has a price.</p>
      ) : (
        <DataTable
          label="Calls without a price"
          id="unpriced"
          rows={unpriced}
          maxHeight={260}
          columns={[
            { key: "model", title: "model", value: (row) => nameOr(row.model, "unknown model") },
            { key: "reason", title: "why its cost is unknown", value: (row) => reasonText(row.reason) },
            countColumn("calls", "calls", (row: PriceCoverage) => row.calls),
          ]}
        />
      )}
    </Panel>
  );
}
