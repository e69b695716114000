import type { JSX } from "preact";
import { costColumn } from "../../components/columns.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import { compareUsd, sumUsd, usd } from "../../data/money.ts";
import { type Range, range } from "../../data/selection.ts";
import { useUrlState } from "../../data/url-state.ts";
import { useView } from "../../data/view.ts";
import { nameOr } from "../../data/words.ts";
import { Waterfall } from "./waterfall.tsx";

/** A row of `cost_change`, whose parts sum to its difference. */
interface Changed {
  readonly name: string;
  readonly base_calls: string;
  readonly calls: string;
  readonly base_unpriced_calls: string;
  readonly unpriced_calls: string;
  readonly base_known_cost_usd: string;
  readonly known_cost_usd: string;
  readonly difference_usd: string;
  readonly volume_usd: string;
  readonly mix_usd: string;
  readonly length_usd: string;
  readonly cache_usd: string;
  readonly price_usd: string;
  readonly unpriced_usd: string;
}

const parts = [
  ["volume_usd", "More or fewer calls"],
  ["mix_usd", "Other kinds of calls"],
  ["length_usd", "Longer or shorter"],
  ["cache_usd", "Caching"],
  ["price_usd", "Prices"],
  ["unpriced_usd", "Calls of unknown cost"],
] as const;

const ways = ["model", "agent", "customer", "feature"];

/** Why this period cost more or less than the one before. */
export function Change({ base }: { base: Range }): JSX.Element {
  const [chosen] = useUrlState("by", "model");
  const by = ways.includes(chosen) ? chosen : "model";
  const view = useView<Changed>("cost_change", { base_from: base.from, base_to: base.to, ...range.value, by });
  const sum = (key: keyof Changed): string => sumUsd(view.rows.map((row) => row[key]));
  const hasUnknown = view.rows.some((row) => row.unpriced_calls !== "0" || row.base_unpriced_calls !== "0");
  return (
    <Panel
      class="half"
      title="Against the period before"
      question="How much of the difference is volume, mix, length, caching and price; the parts sum to it."
      view={view}
      empty="No calls in either period."
      note={hasUnknown ? "Calls of unknown cost stand in neither period's sum." : null}
    >
      <Waterfall
        first={["Before", sum("base_known_cost_usd")]}
        steps={parts.map(([key, name]) => [name, sum(key)] as const)}
        last={["Now", sum("known_cost_usd")]}
      />
      <DataTable
        label={`Change by ${by}`}
        id="change"
        rows={dearestFirst(view.rows)}
        maxHeight={240}
        columns={[
          { key: "name", title: by, value: (row) => nameOr(row.name, `no ${by}`) },
          {
            key: "calls",
            title: "calls",
            isNumber: true,
            value: (row) => row.calls,
            render: (row) => `${row.base_calls} → ${row.calls}`,
          },
          costColumn("now"),
          {
            key: "difference",
            title: "difference",
            isNumber: true,
            value: (row) => row.difference_usd,
            render: (row) => signedUsd(row.difference_usd),
          },
        ]}
      />
    </Panel>
  );
}

const size = (amount: string): string => amount.replace("-", "");
const dearestFirst = (rows: readonly Changed[]): Changed[] =>
  rows.toSorted((one, other) => compareUsd(size(other.difference_usd), size(one.difference_usd)));

const signedUsd = (amount: string): string => (amount.startsWith("-") ? usd(amount) : `+${usd(amount)}`);
