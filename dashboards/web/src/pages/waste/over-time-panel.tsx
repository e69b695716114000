import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Panel } from "../../components/panel.tsx";
import { TimeChart, type TimeSeries } from "../../components/time-chart.tsx";
import { everyShown } from "../../data/every-shown.ts";
import { usd } from "../../data/money.ts";
import { type NamedSeries, namedSeries } from "../../data/named-series.ts";
import { selection } from "../../data/selection.ts";
import { instantOf, spanText } from "../../data/time.ts";
import { useView } from "../../data/view.ts";
import { causeText } from "../../data/words.ts";
import { causeColourName } from "../../flow/causes.ts";

/** A row of the view `cause_over_time`. */
interface CauseSpan {
  readonly starts_at: string;
  readonly cause: string;
  readonly unpriced_calls: string;
  readonly known_cost_usd: string;
}

/** What was spent when, by cause. */
export function OverTimePanel({ cause }: { readonly cause: string }): JSX.Element {
  const every = everyShown();
  const view = useView<CauseSpan>("cause_over_time", { ...selection.value, every });
  const rows = useMemo(() => view.rows.filter((row) => cause === "" || row.cause === cause), [view.rows, cause]);
  const { times, series } = useMemo(() => {
    const amounts = rows.map((row) => ({
      time: instantOf(row.starts_at) / 1000,
      name: row.cause,
      amount: row.known_cost_usd,
    }));
    const drawn = namedSeries(amounts, Infinity, String);
    return { times: drawn.times, series: drawn.series.map(coloured) };
  }, [rows]);
  const isIncomplete = rows.some(({ unpriced_calls }) => unpriced_calls !== "0");
  return (
    <Panel
      title={cause === "" ? "Causes over time" : `Over time: ${causeText(cause)}`}
      question={`Spending of every ${every}, in UTC.`}
      view={view}
      note={isIncomplete ? "Calls without usage or without a price are not in the height of bars." : undefined}
    >
      <TimeChart
        label={`Spending of every ${every} by cause`}
        times={times}
        series={series}
        format={(amount) => usd(amount, 2)}
        formatTime={(seconds) => spanText(seconds * 1000, every)}
      />
    </Panel>
  );
}

const coloured = ({ name, points }: NamedSeries): TimeSeries => ({
  name: causeText(name),
  points,
  colour: causeColourName(name),
});
