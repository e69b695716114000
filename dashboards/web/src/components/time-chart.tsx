import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Amount, drawn } from "../data/money.ts";
import { theme } from "../shell/theme.ts";
import { drawTimeChart, type DrawnChart } from "./time-chart-drawing.ts";
import "uplot/dist/uPlot.min.css";
import "./time-chart.css";

export interface TimeSeries {
  readonly name: string;
  /** One for each time; null where nothing is known. */
  readonly points: readonly Amount[];
  /** A colour of the theme, `--series-1`; in order without it. */
  readonly colour?: string;
}

export interface TimeChartProps {
  /** What is drawn, for those who do not see it. */
  readonly label: string;
  /** Seconds since 1970, ascending. */
  readonly times: readonly number[];
  readonly series: readonly TimeSeries[];
  readonly format: (amount: Amount) => string;
  readonly formatTime: (seconds: number) => string;
  /** `stack`: bars on one another; `lines`; `band`: lines with the room between the last two filled. */
  readonly kind?: "stack" | "lines" | "band";
  /** In pixels. */
  readonly height?: number;
}

/** Amounts over time, drawn by uPlot, with what lies under the pointer told beside it. */
export function TimeChart(props: TimeChartProps): JSX.Element {
  const { label, times, series, format, formatTime, kind = "stack", height = 240 } = props;
  const frame = useRef<HTMLDivElement>(null);
  const chart = useRef<DrawnChart>(undefined);
  const [at, setAt] = useState<number>();
  const shownTheme = theme.value;
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const data = { times, series: series.map((one) => ({ ...one, values: one.points.map(drawnOrGap) })), kind, height };
    const drawing = drawTimeChart(element, data, setAt, (value) => format(String(value)));
    chart.current = drawing;
    return () => drawing.end();
  }, [times, series, kind, height, shownTheme]);
  return (
    <div class="chart">
      <div class="chart-frame" ref={frame} role="img" aria-label={label} />
      <Legend series={series} />
      {at === undefined || times[at] === undefined ? null : (
        <div class="chart-tip" aria-hidden="true" style={chart.current?.tipPlace(at)}>
          <strong>{formatTime(times[at])}</strong>
          {series.map(({ name, points, colour }, index) =>
            points[at] === null || (drawn(points[at] ?? null) === 0 && series.length > 3) ? null : (
              <span key={name}>
                <Swatch colour={colour ?? colourAt(index)} />
                {name} <b>{format(points[at] ?? null)}</b>
              </span>
            ),
          )}
        </div>
      )}
    </div>
  );
}

const drawnOrGap = (amount: Amount): number | null => (amount === null ? null : drawn(amount));

/** The palette's colour of a place in it. */
const colourAt = (index: number): string => (index < 8 ? `--series-${index + 1}` : "--series-rest");

/** A dot in a colour of the theme. */
const Swatch = ({ colour }: { colour: string }): JSX.Element => (
  <i class="swatch" aria-hidden="true" style={{ background: `var(${colour})` }} />
);

function Legend({ series }: { series: readonly TimeSeries[] }): JSX.Element | null {
  if (series.length < 2) return null;
  return (
    <ul class="legend">
      {series.map(({ name, colour }, index) => (
        <li key={name}>
          <Swatch colour={colour ?? colourAt(index)} />
          {name}
        </li>
      ))}
    </ul>
  );
}
