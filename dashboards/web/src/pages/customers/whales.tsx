import type { JSX } from "preact";
import { BarList } from "../../components/bar-list.tsx";
import { Choice } from "../../components/choice.tsx";
import { Panel } from "../../components/panel.tsx";
import { type Amount, atLeast, usd } from "../../data/money.ts";
import { rangeSoFar } from "../../data/selection.ts";
import { useUrlState } from "../../data/url-state.ts";
import { useView } from "../../data/view.ts";
import { counted } from "../../data/words.ts";

interface Whale {
  readonly customer_id: string;
  readonly calls: string;
  readonly unpriced_calls: string;
  readonly known_cost_usd: string;
  readonly times_median: number | null;
  readonly share: number | null;
  readonly revenue_usd: Amount;
  readonly margin_usd: Amount;
}

const choices = [
  ["1", "the median"],
  ["3", "3 × the median"],
  ["10", "10 × the median"],
] as const;
type Times = (typeof choices)[number][0];

/** Customers that cost far more than most. */
export function Whales(): JSX.Element {
  const [chosen, choose] = useUrlState("times", "3");
  const times = choices.find(([value]) => value === chosen)?.[0] ?? "3";
  const view = useView<Whale>("inference_whales", { ...rangeSoFar.value, times });
  return (
    <Panel
      class="half"
      title="Customers that cost far more than most"
      question="At least so many times as much as the median customer, and whether they pay for it."
      view={view}
      controls={<Choice<Times> label="from" value={times} options={choices} onChoose={choose} />}
      empty="No customer costs that much more than the others."
    >
      <BarList
        label="Customers, dearest first"
        bars={view.rows.map((whale) => ({
          key: whale.customer_id,
          name: whale.customer_id,
          amount: whale.known_cost_usd,
          text: atLeast(whale.known_cost_usd, whale.unpriced_calls !== "0"),
          note: noteOf(whale),
          colour: whale.margin_usd?.startsWith("-") === true ? "--series-2" : "--series-1",
        }))}
      />
    </Panel>
  );
}

const noteOf = ({ times_median: times, share, calls, revenue_usd: revenue, margin_usd: margin }: Whale): string =>
  [
    times === null ? "no median" : `${times.toFixed(1)} × the median`,
    share === null ? "an unknown share of all spending" : `${(100 * share).toFixed(1)} % of all spending`,
    counted(calls, "call"),
    revenue === null ? "revenue not recorded" : `paid ${usd(revenue, 2)}, margin ${usd(margin, 2)}`,
  ].join(" · ");
