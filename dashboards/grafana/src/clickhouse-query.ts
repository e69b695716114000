import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import { sqlOf, type ViewQuery } from "./view-query.ts";

/** The data source plugin, and the release whose query model and macros are used. */
export const plugin = { id: "grafana-clickhouse-datasource", version: "4.20.0" } as const;

/** The data source as `provisioning/datasource.yaml` names it; alerts have no variable to choose another with. */
export const provisionedSource: ClickHouseQuery["datasource"] = { type: plugin.id, uid: "tokenledger" };

/** How the plugin shapes an answer: rows as they are, or series by the time and the names in them. */
export type Shape = "table" | "timeseries";

/** A query as the ClickHouse plugin stores it; the SDK has no builder for it. */
export interface ClickHouseQuery extends Dataquery {
  refId: string;
  datasource: { type: string; uid: string };
  editorType: "sql";
  rawSql: string;
  queryType: Shape;
  /** The plugin's number for the shape. */
  format: 0 | 1;
  pluginVersion: string;
}

/** The target of a panel or alert that asks a view. */
export function clickHouseQuery(
  query: ViewQuery,
  { shape = "table", source }: { shape?: Shape; source: ClickHouseQuery["datasource"] },
): Builder<ClickHouseQuery> {
  return {
    build: () => ({
      refId: "A",
      datasource: source,
      editorType: "sql",
      rawSql: sqlOf(query),
      queryType: shape,
      format: shape === "table" ? 1 : 0,
      pluginVersion: plugin.version,
      _implementsDataqueryVariant: () => {},
    }),
  };
}
