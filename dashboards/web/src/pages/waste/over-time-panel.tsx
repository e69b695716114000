import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Panel } from "../../components/panel.tsx";
import { TimeChart } from "../../components/time-chart.tsx";
import { usd } from "../../data/money.ts";
import { selection } from "../../data/selection.ts";
import { useView } from "../../data/view.ts";
import { causeColourName, causeOf } from "../../flow/causes.ts";
import { seriesOf } from "../../flow/series.ts";
import { secondsOf, stepFor, stepText } from "../../flow/time-steps.ts";

/** A row of the view `cause_over_time`. */
interface CauseSpan {
  readonly starts_at: string;
  readonly cause: string;
  readonly unpriced_calls: string;
  readonly known_cost_usd: string;
}

interface Extent {
  readonly first_call_at: string | null;
  readonly last_call_at: string | null;
}

/** What was spent when, by cause. */
export function OverTimePanel({ cause }: { readonly cause: string }): JSX.Element {
  const [extent] = useView<Extent>("selection_total", { ...selection.value }).rows;
  const step = stepFor(extent?.first_call_at ?? null, extent?.last_call_at ?? null);
  const view = useView<CauseSpan>("cause_over_time", extent && { ...selection.value, every: step });
  const rows = useMemo(() => view.rows.filter((row) => cause === "" || row.cause === cause), [view.rows, cause]);
  const { times, series } = useMemo(() => {
    const points = rows.map((row) => ({ time: secondsOf(row.starts_at), name: row.cause, amount: row.known_cost_usd }));
    const drawn = seriesOf(points);
    return { times: drawn.times, series: drawn.series.map(named) };
  }, [rows]);
  const isIncomplete = rows.some(({ unpriced_calls }) => unpriced_calls !== "0");
  return (
    <Panel
      title={cause === "" ? "Causes over time" : `Over time: ${causeOf(cause).label}`}
      question={`Spending of every ${step}, in UTC.`}
      view={view}
      note={isIncomplete ? "Calls without usage or without a price are not in the height of bars." : undefined}
    >
      <TimeChart
        label={`Spending of every ${step} by cause`}
        times={times}
        series={series}
        format={(amount) => usd(amount, 2)}
        formatTime={(seconds) => stepText(seconds, step)}
      />
    </Panel>
  );
}

const named = ({
  name,
  points,
}: {
  readonly name: string;
  readonly points: readonly string[];
}): {
  readonly name: string;
  readonly points: readonly string[];
  readonly colour: string;
} => ({ name: causeOf(name).label, points, colour: causeColourName(name) });
