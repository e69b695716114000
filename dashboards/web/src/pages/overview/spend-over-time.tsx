import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Choice } from "../../components/choice.tsx";
import { Panel } from "../../components/panel.tsx";
import { TimeChart } from "../../components/time-chart.tsx";
import { atLeast, sumUsd, usd } from "../../data/money.ts";
import { namedSeries } from "../../data/named-series.ts";
import { range } from "../../data/selection.ts";
import { everyShown } from "../../data/every-shown.ts";
import { instantOf, spanText } from "../../data/time.ts";
import { useUrlState } from "../../data/url-state.ts";
import { useView } from "../../data/view.ts";
import { causeText, counted, nameOr } from "../../data/words.ts";

interface Spent {
  readonly starts_at: string;
  readonly name: string;
  readonly unpriced_calls: string;
  readonly known_cost_usd: string;
}

interface Caused {
  readonly day: string;
  readonly cause: string;
  readonly unpriced_calls: string;
  readonly known_cost_usd: string;
}

const ways = [
  ["model", "model"],
  ["agent", "agent"],
  ["customer", "customer"],
  ["feature", "feature"],
  ["service", "service"],
  ["provider", "provider"],
  ["cause", "cause"],
] as const;
type Way = (typeof ways)[number][0];

const shownSeries = 7;

/** What was spent when, by what the user chooses; causes are known by the day. */
export function SpendOverTime(): JSX.Element {
  const [chosen, choose] = useUrlState("by", "model");
  const by = ways.find(([way]) => way === chosen)?.[0] ?? "model";
  const every = by === "cause" ? "day" : everyShown();
  const spent = useView<Spent>("cost_over_time", by === "cause" ? undefined : { every, by, ...range.value });
  const caused = useView<Caused>("cause_cost", by === "cause" ? { ...range.value } : undefined);
  const view = by === "cause" ? caused : spent;
  const { times, series } = useMemo(
    () =>
      namedSeries(by === "cause" ? caused.rows.map(amountOfCause) : spent.rows.map(amountOf(by)), shownSeries, others),
    [by, spent.rows, caused.rows],
  );
  const total = sumUsd(view.rows.map((row) => row.known_cost_usd));
  const hasUnknown = view.rows.some((row) => row.unpriced_calls !== "0");
  return (
    <Panel
      title="Spend over time"
      question={`What was spent in each ${every}, by ${by}. Agents have their own calls only.`}
      view={view}
      controls={<Choice<Way> label="by" value={by} options={ways} onChoose={choose} />}
      note={`${atLeast(total, hasUnknown)} in all${hasUnknown ? "; some calls have no known cost and are not drawn" : ""}`}
    >
      <TimeChart
        label={`Spend in each ${every} by ${by}: ${series.map((one) => `${one.name} ${usd(one.total)}`).join(", ")}`}
        times={times}
        series={series}
        format={shortUsd}
        formatTime={(seconds) => spanText(seconds * 1000, every)}
      />
    </Panel>
  );
}

const amountOf =
  (by: Way) =>
  (row: Spent): { time: number; name: string; amount: string } => ({
    time: instantOf(row.starts_at) / 1000,
    name: nameOr(row.name, `no ${by}`),
    amount: row.known_cost_usd,
  });

const amountOfCause = (row: Caused): { time: number; name: string; amount: string } => ({
  time: instantOf(row.day) / 1000,
  name: causeText(row.cause),
  amount: row.known_cost_usd,
});

const others = (names: number): string => counted(names, "other");

/** Cents are enough beside an axis; below a dollar they are not. */
function shortUsd(amount: string | null): string {
  if (Number(amount ?? "1") === 0) return "$0";
  return usd(amount, amount !== null && Number(amount) >= 1 ? 2 : 4);
}
