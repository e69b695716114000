import type { JSX } from "preact";
import { Choice } from "../../components/choice.tsx";
import { Panel } from "../../components/panel.tsx";
import { TimeChart } from "../../components/time-chart.tsx";
import { estimated, usd } from "../../data/money.ts";
import { range } from "../../data/selection.ts";
import { instantOf, timeText } from "../../data/time.ts";
import { useUrlState } from "../../data/url-state.ts";
import { useView } from "../../data/view.ts";
import { counted } from "../../data/words.ts";

interface Day {
  readonly day: string;
  readonly estimated_total_usd: number;
  readonly low_total_usd: number | null;
  readonly high_total_usd: number | null;
  readonly back_tests: string;
  readonly days_of_history: string;
  readonly unpriced_calls: string;
}

const choices = [
  ["7", "7 days"],
  ["30", "30 days"],
  ["90", "90 days"],
] as const;
type Days = (typeof choices)[number][0];

const historyMs = 180 * 86_400_000;

/** What the next days will cost, with the error that the same forecast would have had so far. */
export function Forecast(): JSX.Element {
  const [chosen, choose] = useUrlState("days", "30");
  const days = choices.find(([value]) => value === chosen)?.[0] ?? "30";
  const to = dayOf(range.value.to);
  const from = new Date(Date.parse(to) - historyMs).toISOString();
  const view = useView<Day>("burn_rate", { from, to, scope: "all", name: "", days });
  const last = view.rows.at(-1);
  const hasBand = view.rows.every((row) => row.low_total_usd !== null && row.high_total_usd !== null);
  return (
    <Panel
      title="What the next days will cost"
      question="The estimated total up to each day, and the bounds that four of five past forecasts kept."
      view={view}
      controls={<Choice<Days> label="ahead" value={days} options={choices} onChoose={choose} />}
      empty="A forecast needs a week of complete days."
      note={last === undefined ? null : noteOf(last)}
    >
      <TimeChart
        label={`Estimated total: ${last === undefined ? "" : rangeText(last)}`}
        kind={hasBand ? "band" : "lines"}
        times={view.rows.map((row) => instantOf(row.day) / 1000)}
        series={[
          {
            name: "estimate",
            points: view.rows.map((row) => estimated(row.estimated_total_usd)),
            colour: "--series-1",
          },
          ...(hasBand
            ? [
                { name: "low", points: view.rows.map((row) => estimated(row.low_total_usd)), colour: "--series-6" },
                { name: "high", points: view.rows.map((row) => estimated(row.high_total_usd)), colour: "--series-6" },
              ]
            : []),
        ]}
        format={(amount) => usd(amount, 2)}
        formatTime={(seconds) => timeText(seconds * 1000, "day")}
      />
    </Panel>
  );
}

/** Forecasts go by complete days, so the same day is asked once. */
const dayOf = (to: string): string => new Date(Math.min(Date.parse(to), Date.now())).toISOString().slice(0, 10);

function rangeText({ estimated_total_usd: estimate, low_total_usd: low, high_total_usd: high }: Day): string {
  const about = `about ${usd(estimated(estimate), 2)}`;
  return low === null || high === null ? about : `${usd(estimated(low), 2)} to ${usd(estimated(high), 2)}, ${about}`;
}

function noteOf(last: Day): string {
  const { low_total_usd: low, back_tests: tests, days_of_history: history, unpriced_calls: unpriced } = last;
  return [
    `An estimate: ${rangeText(last)} up to ${timeText(instantOf(last.day), "day")}, from ${counted(history, "day")} of history`,
    low === null
      ? `too few back tests (${tests}) for an error band`
      : `the band is what ${counted(tests, "back test")} missed by`,
    ...(unpriced === "0" ? [] : [`${counted(unpriced, "call")} of unknown cost come on top`]),
  ].join("; ");
}
