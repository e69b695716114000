import { listViews, type ViewDescription } from "@tokenledger/clickhouse";

/** What a parameter of a view is given: a literal, or the value of a dashboard variable as text. */
type Argument = string | number | { readonly variable: string };

/** Rows that are shown: a column equal to a literal, different from it, above it, or among what a variable selects. */
type Condition =
  | { readonly column: string; readonly is: string | number }
  | { readonly column: string; readonly isNot: string }
  | { readonly column: string; readonly above: number }
  | { readonly column: string; readonly among: string };

/** A question of a panel, a variable or an alert: columns of one saved view, and nothing computed. */
export interface ViewQuery {
  readonly view: string;
  /**
   * Parameters beyond those that the reader's window gives: `from`, and `to` or `at`, its end. `in_trace`,
   * `in_conversation` and `in_service` may be left out and then ask for all.
   */
  readonly given?: Readonly<Record<string, Argument>>;
  readonly columns: readonly string[];
  readonly where?: readonly Condition[];
  readonly limit?: number;
}

/** The view that a query asks. @throws when there is none of that name */
export function viewOf({ view }: ViewQuery): ViewDescription {
  const found = views.find(({ name }) => name === view);
  if (found === undefined)
    throw new Error(`There is no view "${view}"; views: ${views.map(({ name }) => name).join()}`);
  return found;
}

/**
 * The SQL of a query, for the ClickHouse data source: its macros stand for the window, Grafana's variables for themselves.
 *
 * @throws when the view or a parameter is unknown, or a parameter is missing
 */
export function sqlOf(query: ViewQuery): string {
  const where = (query.where ?? []).map(conditionSql);
  return [
    `SELECT ${query.columns.join(", ")}`,
    `FROM ${query.view}${argumentsSql(query)}`,
    ...(where.length === 0 ? [] : [`WHERE ${where.join(" AND ")}`]),
    ...(query.limit === undefined ? [] : [`LIMIT ${query.limit}`]),
  ].join("\n");
}

const views = listViews();

/** What the reader's window gives; the plugin puts instants in place of the macros, here and in alerts. */
const fromWindow: Readonly<Record<string, string>> = { from: "$__fromTime", to: "$__toTime", at: "$__toTime" };

/** Empty asks for all. */
const selections = ["in_trace", "in_conversation", "in_service"];

function argumentsSql(query: ViewQuery): string {
  const { parameters } = viewOf(query);
  const given = query.given ?? {};
  const unknown = Object.keys(given).filter((name) => !parameters.some((parameter) => parameter.name === name));
  if (unknown.length > 0) throw new Error(`The view ${query.view} has no parameter ${unknown.join(", ")}`);
  const places = parameters.map(({ name }) => {
    const argument = given[name] ?? (selections.includes(name) ? "" : undefined);
    const value = argument === undefined ? fromWindow[name] : argumentSql(argument);
    if (value === undefined) throw new Error(`The view ${query.view} needs "${name}"`);
    return `${name} = ${value}`;
  });
  return places.length === 0 ? "" : `(${places.join(", ")})`;
}

const argumentSql = (value: Argument): string =>
  typeof value === "object" ? `\${${value.variable}:singlequote}` : literal(value);

const literal = (value: string | number): string =>
  typeof value === "number" ? String(value) : `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

/** With all selected, the plugin's macro leaves the condition out: also rows without a name are shown then. */
function conditionSql(condition: Condition): string {
  if ("is" in condition) return `${condition.column} = ${literal(condition.is)}`;
  if ("isNot" in condition) return `${condition.column} != ${literal(condition.isNot)}`;
  if ("above" in condition) return `${condition.column} > ${condition.above}`;
  const { column, among } = condition;
  return `$__conditionalAll(${column} IN (\${${among}:singlequote}), $${among})`;
}
