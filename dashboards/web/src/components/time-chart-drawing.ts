import uPlot from "uplot";
import { colour } from "../shell/theme.ts";

export interface ChartData {
  readonly times: readonly number[];
  readonly series: readonly { readonly values: readonly (number | null)[]; readonly colour?: string }[];
  readonly kind: "stack" | "lines" | "band";
  readonly height: number;
}

export interface DrawnChart {
  /** Where to tell what is at a point: beside it, within the frame. */
  tipPlace(index: number): Record<string, string>;
  end(): void;
}

const barShare = 0.86;
const widestBar = 48;

/** Draws into an element, follows its width, and says which point is under the pointer. */
export function drawTimeChart(
  element: HTMLElement,
  data: ChartData,
  onPoint: (index: number | undefined) => void,
  format: (value: number) => string,
): DrawnChart {
  const { columns, bands } = data.kind === "stack" ? stacked(data) : plain(data);
  const series = data.series.map(({ colour: name }, index) => seriesOf(name ?? paletteName(index), data.kind));
  const plot = new uPlot(
    {
      width: element.clientWidth,
      height: data.height,
      bands,
      padding: [10, 8, 0, 0],
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
      legend: { show: false },
      cursor: { y: false, points: { show: data.kind !== "stack" }, drag: { x: false, y: false } },
      scales: {
        x: { time: true, range: (_, from, to) => padded(data, from, to) },
        y: { range: (_, low, high) => room(low, high) },
      },
      axes: axes(data.times, format),
      series: [{}, ...(data.kind === "stack" ? series.toReversed() : series)],
      hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)] },
    },
    [[...data.times], ...columns],
    element,
  );
  const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: data.height }));
  resize.observe(element);
  return {
    tipPlace: (index) => {
      const left = plot.valToPos(data.times[index] ?? 0, "x") + plot.over.offsetLeft;
      return left > element.clientWidth / 2
        ? { right: `${element.clientWidth - left + 12}px` }
        : { left: `${left + 12}px` };
    },
    end: () => {
      resize.disconnect();
      plot.destroy();
    },
  };
}

const paletteName = (index: number): string => (index < 8 ? `--series-${index + 1}` : "--series-rest");

function seriesOf(name: string, kind: ChartData["kind"]): uPlot.Series {
  const ink = colour(name);
  if (kind !== "stack") return { stroke: ink, width: 2, points: { show: false } };
  const paths = uPlot.paths.bars?.({ size: [barShare, widestBar], align: 0 });
  return { fill: ink, width: 0, points: { show: false }, ...(paths !== undefined && { paths }) };
}

/** Bars on one another, the first at the bottom: what is drawn later covers what is below it, so the whole comes first. */
function stacked({ times, series }: ChartData): { columns: (number | null)[][]; bands: uPlot.Band[] } {
  const sums = times.map(() => 0);
  const columns = series.map(({ values }) =>
    times.map((_, index) => {
      const sum = (sums[index] ?? 0) + (values[index] ?? 0);
      sums[index] = sum;
      return sum;
    }),
  );
  return { columns: columns.toReversed(), bands: [] };
}

function plain({ series, kind }: ChartData): { columns: (number | null)[][]; bands: uPlot.Band[] } {
  const columns = series.map(({ values }) => [...values]);
  const last = series.length;
  const band = {
    series: [last, last - 1] as [number, number],
    fill: `color-mix(in srgb, ${colour("--accent")} 15%, transparent)`,
  };
  return { columns, bands: kind === "band" && last > 1 ? [band] : [] };
}

/** Half a bar of room on either side. */
function padded({ times, kind }: ChartData, from: number, to: number): [number, number] {
  if (kind !== "stack") return [from, to];
  const half = gapOf(times) / 2;
  // From the bars themselves: for a single one uPlot shows years.
  return [(times[0] ?? from) - half, (times.at(-1) ?? to) + half];
}

const hour = 3_600;
const day = 24 * hour;
/** Between two marks of the axis of time, in seconds. */
const steps = [1, 3, 6, 12].map((hours) => hours * hour).concat([1, 2, 7, 14, 30, 90, 365].map((days) => days * day));

/** The least time between two points. */
function gapOf(times: readonly number[]): number {
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  return gaps.length === 0 ? day : Math.min(...gaps);
}

const dayFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const monthFormat = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });

/** Hours within a day, days by their names, and months with their year where they are all there is room for. */
const timeTexts = (_: uPlot, splits: number[], __: number, ___: number, step: number): string[] =>
  splits.map((seconds) => {
    if (seconds % day !== 0) return new Date(seconds * 1000).toISOString().slice(11, 16);
    return (step > 31 * day ? monthFormat : dayFormat).format(seconds * 1000);
  });

const room = (low: number, high: number): [number, number] => [Math.min(0, low), high <= 0 ? 1 : high * 1.05];

function axes(times: readonly number[], format: (value: number) => string): uPlot.Axis[] {
  const [ink, line] = [colour("--ink-faint"), colour("--line")];
  const font = `11px ${colour("--font")}`;
  const common = { stroke: ink, font, ticks: { show: false } };
  return [
    {
      ...common,
      grid: { show: false },
      space: 80,
      size: 28,
      incrs: steps.filter((step) => step >= gapOf(times)),
      values: timeTexts,
    },
    { ...common, grid: { stroke: line, width: 1 }, size: 72, space: 40, values: (_, splits) => splits.map(format) },
  ];
}
