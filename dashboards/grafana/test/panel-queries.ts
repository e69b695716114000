import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import type { ClickHouseQuery } from "../src/clickhouse-query.ts";

/** What a panel asks: the SDK types its targets as of any data source. */
export const queriesOf = ({ targets = [] }: Panel): ClickHouseQuery[] => targets as ClickHouseQuery[];
