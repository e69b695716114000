import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import { plugin } from "./clickhouse-query.ts";
import { sqlOf, type ViewQuery } from "./view-query.ts";

type Variable = Builder<dashboard.VariableModel>;

/** The ledger: any ClickHouse data source of this Grafana. */
export const source: Variable = new dashboard.DatasourceVariableBuilder("datasource")
  .label("Ledger")
  .description("The ClickHouse data source whose default database is the ledger")
  .type(plugin.id)
  .current({ text: "Tokenledger", value: "tokenledger" });

/** Where the ledger's own page is; links lead there. */
export const page: Variable = text("page", {
  label: "Page",
  explains: "Address of the ledger's own page, for links: what `tokenledger up` prints",
  initial: "http://127.0.0.1:4319",
});

/** Which of its services were asked; one or all. */
export const service: Variable = new dashboard.QueryVariableBuilder("service")
  .label("Service")
  .description("Panels that tell services apart show this one")
  .datasource({ type: plugin.id, uid: "${datasource}" })
  .query(asked("service", named("service")))
  .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
  .sort(dashboard.VariableSort.AlphabeticalCaseInsensitiveAsc)
  .includeAll(true)
  // Put into queries as it is: the views take an empty text for all.
  .allValue("''")
  .current({ text: "All", value: "$__all" });

export const customer: Variable = several("customer", "Customer");
export const agent: Variable = several("agent", "Agent");
export const model: Variable = several("model", "Model");

/** How long a bar lasts. */
export const every: Variable = choice("every", {
  label: "Every",
  explains: "How long one bar lasts, in UTC; one that begins before the window is not drawn",
  values: ["day", "hour", "week", "month"],
});

/** A variable of fixed values; the first is chosen at first. */
export function choice(
  name: string,
  { label, explains, values }: { label: string; explains: string; values: readonly string[] },
): Variable {
  const [first = ""] = values;
  return new dashboard.CustomVariableBuilder(name)
    .label(label)
    .description(explains)
    .values(values.join(","))
    .current({ text: first, value: first });
}

/** A variable that is typed in. */
export function text(
  name: string,
  { label, explains, initial }: { label: string; explains: string; initial: string },
): Variable {
  return new dashboard.TextBoxVariableBuilder(name)
    .label(label)
    .description(explains)
    .defaultValue(initial)
    .current({ text: initial, value: initial });
}

/** Any number of names that calls in the window carry. */
function several(name: "customer" | "agent" | "model", label: string): Variable {
  return new dashboard.QueryVariableBuilder(name)
    .label(label)
    .description(`Panels that tell ${name}s apart show these; All includes calls without one`)
    .datasource({ type: plugin.id, uid: "${datasource}" })
    .query(asked(name, named(name)))
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.AlphabeticalCaseInsensitiveAsc)
    .multi(true)
    .includeAll(true)
    .current({ text: ["All"], value: ["$__all"] });
}

/** The names that calls in the window carry; Grafana shows each once. */
function named(by: string): ViewQuery {
  return {
    view: "cost_over_time",
    given: { every: "month", by },
    columns: ["name"],
    where: [{ column: "name", isNot: "" }],
  };
}

/** A variable's query as the plugin stores it. */
function asked(name: string, query: ViewQuery): Record<string, unknown> {
  return { refId: name, queryType: "sql", editorType: "sql", rawSql: sqlOf(query) };
}
