import * as barchart from "@grafana/grafana-foundation-sdk/barchart";
import * as bargauge from "@grafana/grafana-foundation-sdk/bargauge";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import * as common from "@grafana/grafana-foundation-sdk/common";
import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import * as stat from "@grafana/grafana-foundation-sdk/stat";
import * as table from "@grafana/grafana-foundation-sdk/table";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import { clickHouseQuery, plugin, type Shape } from "./clickhouse-query.ts";
import { alarmOf, headedLookOf, lookOf } from "./columns.ts";
import { type ViewQuery, viewOf } from "./view-query.ts";

/** A panel: one question to one view, and how large its answer is drawn. */
export interface PanelSpecification {
  readonly title: string;
  /** What it shows, in a sentence or two; what the view itself says is added. */
  readonly shows: string;
  readonly query: ViewQuery;
  /** In 24ths of the page. */
  readonly width: number;
  /** In Grafana's rows of 30 pixels. */
  readonly height: number;
}

/** What the SDK's builders of all kinds of panels can do. */
interface AnyPanel extends Builder<dashboard.Panel> {
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: common.DataSourceRef): this;
  withTarget(target: Builder<ReturnType<ReturnType<typeof clickHouseQuery>["build"]>>): this;
  span(width: number): this;
  height(height: number): this;
  overrideByName(name: string, properties: dashboard.DynamicConfigValue[]): this;
}

/** The data source that the reader of a dashboard has chosen. */
const chosenSource = { type: plugin.id, uid: "${datasource}" } as const;

/** What every panel has; `look` says how a column is shown. */
function fill<Panel extends AnyPanel>(
  panel: Panel,
  { title, shows, query, width, height }: PanelSpecification,
  look: (column: string) => dashboard.DynamicConfigValue[],
  shape: Shape = "table",
): Panel {
  const view = viewOf(query);
  const says = [
    view.title,
    ...(view.excludes === "" ? [] : [`Left out: ${view.excludes}`]),
    ...(query.limit === undefined ? [] : [`The first ${query.limit.toLocaleString("en")} rows at most.`]),
  ].join(" ");
  panel
    .title(title)
    .description(`${shows}\n\nView \`${view.name}\`: ${says}`)
    .datasource(chosenSource)
    .withTarget(clickHouseQuery(query, { shape, source: chosenSource }))
    .span(width)
    .height(height);
  for (const column of query.columns) {
    const properties = look(column);
    if (properties.length > 0) panel.overrideByName(column, properties);
  }
  return panel;
}

/** Rows that a table has at most, where its query says nothing else: a browser has to hold them. */
const mostRows = 1000;

/** All columns of all rows, or of the first ones where there are many: views answer the most important first. */
export const tableOf = ({ query, ...rest }: PanelSpecification): Builder<dashboard.Panel> =>
  fill(
    new table.PanelBuilder().filterable(true).cellHeight(common.TableCellHeight.Sm),
    { ...rest, query: { limit: mostRows, ...query } },
    (column) => [...headedLookOf(column), ...alarmOf(column)],
  );

/** The columns of one row, each as a large figure. */
export const figuresOf = (specification: PanelSpecification): Builder<dashboard.Panel> =>
  fill(
    new stat.PanelBuilder()
      .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]).fields("/.*/"))
      .colorMode(common.BigValueColorMode.None)
      .graphMode(common.BigValueGraphMode.None)
      .textMode(common.BigValueTextMode.ValueAndName)
      .noValue("unknown"),
    specification,
    headedLookOf,
  );

/** A bar for every row: its first column names it, the second is its length. */
export const barsOf = (specification: PanelSpecification): Builder<dashboard.Panel> =>
  fill(
    new bargauge.PanelBuilder()
      .reduceOptions(new common.ReduceDataOptionsBuilder().calcs([]).values(true).limit(25))
      .orientation(common.VizOrientation.Horizontal)
      .displayMode(common.BarGaugeDisplayMode.Basic)
      .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Fixed).fixedColor("blue"))
      .min(0),
    specification,
    lookOf,
  );

/** Bars over time, piled up: the first column is the time, the second names the series, the others are their heights. */
export function seriesOf(specification: PanelSpecification): Builder<dashboard.Panel> {
  const [, , ...heights] = specification.query.columns;
  const panel = new timeseries.PanelBuilder()
    .drawStyle(common.GraphDrawStyle.Bars)
    .barAlignment(common.BarAlignment.After)
    .stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal))
    .fillOpacity(70)
    .lineWidth(0)
    .min(0)
    .legend(legend())
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    );
  fill(panel, specification, lookOf, "timeseries");
  // Grafana names a series by its label, and by the column where that is empty.
  const [height] = heights;
  return heights.length === 1
    ? panel.overrideByRegexp(`/^${height}$/`, [{ id: "displayName", value: "(none)" }])
    : panel;
}

/** Groups of bars: the first column is written under each group. */
export const groupsOf = (specification: PanelSpecification): Builder<dashboard.Panel> =>
  fill(
    new barchart.PanelBuilder()
      .xField(specification.query.columns[0] ?? "")
      .xTickLabelRotation(0)
      .unit("currencyUSD")
      .legend(legend()),
    specification,
    headedLookOf,
  );

/** Frames as wide as their cost, down the tree. Columns: `level`, `value`, `self` and `label`, parents first. */
export const flamesOf = (specification: PanelSpecification): Builder<dashboard.Panel> =>
  fill(new dashboard.PanelBuilder().type("flamegraph"), specification, lookOf);

const legend = (): common.VizLegendOptionsBuilder =>
  new common.VizLegendOptionsBuilder()
    .displayMode(common.LegendDisplayMode.List)
    .placement(common.LegendPlacement.Bottom)
    .showLegend(true)
    .calcs([]);
