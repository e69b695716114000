import type { JSX } from "preact";
import { Choice } from "../../components/choice.tsx";
import { costColumn, countColumn } from "../../components/columns.tsx";
import { DataTable, type TableColumn } from "../../components/data-table.tsx";
import { Panel } from "../../components/panel.tsx";
import { Stats } from "../../components/stats.tsx";
import { type Amount, atLeast, count, usd } from "../../data/money.ts";
import { rangeSoFar } from "../../data/selection.ts";
import { useUrlState } from "../../data/url-state.ts";
import { useView } from "../../data/view.ts";
import { nameOr } from "../../data/words.ts";

interface Economics {
  readonly level: string;
  readonly customer_id: string;
  readonly feature_name: string;
  readonly calls: string;
  readonly unpriced_calls: string;
  readonly known_cost_usd: string;
  readonly revenue_usd: Amount;
  readonly margin_usd: Amount;
  readonly margin_share: number | null;
}

const levels = [
  ["customer", "customer"],
  ["feature", "feature"],
  ["customer and feature", "customer and feature"],
] as const;
type Level = (typeof levels)[number][0];

/** What each customer and feature earned and cost. */
export function UnitEconomics(): JSX.Element {
  const view = useView<Economics>("unit_economics", { ...rangeSoFar.value });
  const [chosen, choose] = useUrlState("level", "customer");
  const level = levels.find(([name]) => name === chosen)?.[0] ?? "customer";
  const whole = view.rows.find((row) => row.level === "whole");
  const rows = view.rows.filter((row) => row.level === level);
  return (
    <Panel
      title="Unit economics"
      question="What each customer and feature earned and cost, and the margin between."
      view={{ ...view, rows: rows.length === 0 || whole?.calls === "0" ? [] : view.rows }}
      controls={<Choice<Level> label="for each" value={level} options={levels} onChoose={choose} />}
      note={<RevenueNote whole={whole} />}
    >
      {whole === undefined ? null : <Whole whole={whole} />}
      <DataTable
        label={`Economics of each ${level}`}
        id="economics"
        order="-cost"
        rows={rows}
        columns={columnsOf(level)}
      />
    </Panel>
  );
}

const Whole = ({ whole }: { whole: Economics }): JSX.Element => (
  <div class="stats-above">
    <Stats
      stats={[
        { name: "Cost", value: atLeast(whole.known_cost_usd, whole.unpriced_calls !== "0"), isMain: true },
        { name: "Revenue", value: whole.revenue_usd === null ? "none recorded" : usd(whole.revenue_usd, 2) },
        { name: "Margin", value: usd(whole.margin_usd, 2), note: percentText(whole.margin_share) },
        { name: "Calls", value: count(whole.calls) },
      ]}
    />
  </div>
);

const RevenueNote = ({ whole }: { whole: Economics | undefined }): JSX.Element | null =>
  whole?.revenue_usd === null ? (
    <>
      No span knows what a customer paid: <code>tokenledger import revenue paid.csv</code> does, and margins appear.
    </>
  ) : (
    <>Margins are unknown where a cost or a revenue is.</>
  );

function columnsOf(level: Level): readonly TableColumn<Economics>[] {
  const names: readonly TableColumn<Economics>[] = [
    { key: "customer", title: "customer", value: (row) => nameOr(row.customer_id) },
    { key: "feature", title: "feature", value: (row) => nameOr(row.feature_name) },
  ];
  return [
    ...names.filter(({ key }) => level.includes(key)),
    countColumn("calls", "calls", (row) => row.calls),
    costColumn("cost"),
    amountColumn("revenue", (row) => row.revenue_usd),
    amountColumn("margin", (row) => row.margin_usd),
    {
      key: "margin_share",
      title: "margin share",
      isNumber: true,
      value: (row) => row.margin_share,
      render: (row) => percentText(row.margin_share),
    },
  ];
}

const amountColumn = (key: string, amount: (row: Economics) => Amount): TableColumn<Economics> => ({
  key,
  title: key,
  isNumber: true,
  value: amount,
  render: (row) => (amount(row) === null ? undefined : usd(amount(row))),
});

const percentText = (part: number | null): string | undefined =>
  part === null ? undefined : `${(100 * part).toFixed(1)} %`;
