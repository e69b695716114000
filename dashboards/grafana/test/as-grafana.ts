import type { VariableModel } from "@grafana/grafana-foundation-sdk/dashboard";

/** What the reader of a dashboard looks at. */
export interface Window {
  readonly from: Date;
  readonly to: Date;
}

/** What is chosen for each variable: one value, several, or all. */
export type Choices = Readonly<Record<string, string | readonly string[]>>;

export const all = "$__all";

/**
 * The SQL that reaches the server: what Grafana and the ClickHouse plugin (4.20) make of a query, by their own rules. In
 * the browser `$__conditionalAll`, then variables; in the plugin's backend the macros of time.
 */
export function asSent(
  sql: string,
  { from, to }: Window,
  choices: Choices,
  variables: readonly VariableModel[],
): string {
  const instant = (date: Date): string => `toDateTime(${Math.floor(date.getTime() / 1000)})`;
  return withVariables(withConditions(sql, choices), choices, variables)
    .replaceAll("$__fromTime", instant(from))
    .replaceAll("$__toTime", instant(to));
}

const macro = "$__conditionalAll(";

function withConditions(sql: string, choices: Choices): string {
  const start = sql.lastIndexOf(macro);
  if (start < 0) return sql;
  const { inside, end } = parenthesized(sql, start + macro.length);
  const comma = inside.lastIndexOf(",");
  const chosen =
    choices[
      inside
        .slice(comma + 1)
        .trim()
        .replace("$", "")
    ];
  const condition = chosen === all || chosen === "" ? "1=1" : inside.slice(0, comma);
  return withConditions(sql.slice(0, start) + condition + sql.slice(end + 1), choices);
}

function parenthesized(sql: string, start: number): { inside: string; end: number } {
  let depth = 1;
  let end = start;
  for (; depth > 0; end += 1) depth += sql[end] === "(" ? 1 : sql[end] === ")" ? -1 : 0;
  return { inside: sql.slice(start, end - 1), end: end - 1 };
}

/** The value for all is put in as it stands; others in single quotes, with quotes in them escaped. */
function withVariables(sql: string, choices: Choices, variables: readonly VariableModel[]): string {
  return sql.replaceAll(/\$\{(\w+):singlequote\}/g, (_, name: string) => {
    const chosen = choices[name];
    if (chosen === undefined) throw new Error(`The dashboard has no variable "${name}"`);
    const ofAll = variables.find((variable) => variable.name === name)?.allValue;
    if (chosen === all && ofAll !== undefined) return ofAll;
    return [chosen]
      .flat()
      .map((value) => `'${value.replaceAll("'", "\\'")}'`)
      .join(",");
  });
}

/** What is chosen when a dashboard is opened. */
export const initialChoices = (variables: readonly VariableModel[]): Choices =>
  Object.fromEntries(variables.map(({ name, current }) => [name, [current?.value ?? ""].flat()[0] ?? ""]));

/** What the plugin makes of a column's type. */
export function fieldOf(type: string): "number" | "text" | "time" | "other" {
  const plain = type.replace(/^LowCardinality\((.*)\)$/, "$1").replace(/^Nullable\((.*)\)$/, "$1");
  if (/^(U?Int(8|16|32|64)|Float(32|64)|Decimal\()/.test(plain)) return "number";
  if (/^(String|Enum)/.test(plain)) return "text";
  return plain.startsWith("Date") ? "time" : "other";
}
