import type { Panel, VariableModel } from "@grafana/grafana-foundation-sdk/dashboard";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { viewOf } from "../src/view-query.ts";
import { boards } from "../src/boards.ts";
import { all, asSent, type Choices, fieldOf, initialChoices } from "./as-grafana.ts";
import { type Answer, type GrafanaLedger, startGrafanaLedger } from "./grafana-ledger.ts";
import { queriesOf } from "./panel-queries.ts";

/** The first day of May, on which everything happens to the ledger, and three weeks before it. */
const window = { from: new Date("2026-04-10T00:00:00Z"), to: new Date("2026-05-02T00:00:00Z") };
const cases = new URL("../../../clickhouse/", import.meta.url);

let ledger: GrafanaLedger;
beforeAll(async () => {
  ledger = await startGrafanaLedger();
  await ledger.landFile(new URL("test/situations.sql", cases), "a1");
  await ledger.landFile(new URL("test/prompts.sql", cases), "a2");
  await ledger.landFile(new URL("test/imperfect-prompts.sql", cases), "a3");
  await ledger.landFile(new URL("views/runaway_loops/cases/imperfect/given.sql", cases), "a4");
  await ledger.landFile(new URL("views/delivery_health/cases/gap-and-repeat/given.sql", cases), "a5");
  // Three weeks before, for the forecast: written as facts, since landing takes a partition for each day.
  const before = Array.from({ length: 20 }, (_, day) => ({
    started_at: new Date(window.from.getTime() + day * 86_400_000).toISOString().replace("T", " ").replace("Z", ""),
    span_id: String(1000 + day),
    cost_usd: "0.01",
    known_cost_usd: "0.01",
  }));
  await ledger.store.client.insert({ table: "llm_calls", values: before, format: "JSONEachRow" });
  await ledger.settle();
  await ledger.explain();
});
afterAll(() => ledger.stop());

const trace = "a1".padEnd(32, "1");
/** What a reader has chosen who looks at this trace, and calls whales what others call customers. */
const choicesOf = (variables: readonly VariableModel[]): Choices => ({
  ...initialChoices(variables),
  trace,
  times: "0.5",
});

/** All panels, each with the variables of its dashboard. */
const panels = boards.flatMap(({ name, model }) =>
  (model.panels ?? []).map((panel) => ({
    board: name,
    title: panel.title ?? "",
    panel: panel as Panel,
    variables: model.templating.list ?? [],
  })),
);
const askedBy = ({ panel }: { panel: Panel }): string => queriesOf(panel)[0]?.rawSql ?? "";

type Field = ReturnType<typeof fieldOf>;
const areNumbers = (fields: readonly Field[]): boolean =>
  fields.length > 0 && fields.every((field) => field === "number");

/** What each kind of panel can draw: the fields that the plugin makes of the columns, and rows. */
const canDraw: Readonly<Record<string, (fields: readonly Field[], rows: Answer["rows"]) => boolean>> = {
  table: (fields) => fields.length > 1,
  stat: (fields, rows) => areNumbers(fields) && rows.length === 1,
  bargauge: (fields) => fields.join() === "text,number",
  // The plugin makes series of rows that are in order of time, and refuses others.
  timeseries: ([time, name, ...heights], rows) => {
    const times = rows.map(([instant]) => String(instant));
    return time === "time" && name === "text" && areNumbers(heights) && times.join() === times.toSorted().join();
  },
  barchart: ([place, ...heights]) => place === "time" && areNumbers(heights),
  flamegraph: (fields, rows) => fields.join() === "number,number,number,text" && rows[0]?.[0] === 0,
};

const namesAsked = (sql: string): string[] => (/^SELECT (.*)\n/.exec(sql)?.[1] ?? "").split(", ");

describe("every panel", () => {
  test.each(panels)("$board: $title", async (one) => {
    const { panel, variables } = one;
    const answer = await ledger.ask(asSent(askedBy(one), window, choicesOf(variables), variables));
    expect(answer.columns.map(({ name }) => name)).toEqual(namesAsked(askedBy(one)));
    const fields = answer.columns.map(({ type }) => fieldOf(type));
    expect({ type: panel.type, fields, drawn: canDraw[panel.type]?.(fields, answer.rows) }).toMatchObject({
      drawn: true,
    });
    expect(answer.rows.length).toBeGreaterThan(0);
  });
});

describe("every variable", () => {
  const asked = boards.flatMap(({ name, model }) =>
    (model.templating.list ?? [])
      .filter(({ type }) => type === "query")
      .map((variable) => ({ board: name, name: variable.name, query: variable.query as { rawSql: string } })),
  );

  test.each(asked)("$board: $name lists names that are there", async ({ query }) => {
    const { columns, rows } = await ledger.ask(asSent(query.rawSql, window, {}, []));
    expect(columns.map(({ type }) => fieldOf(type))).toEqual(["text"]);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.flat()).not.toContain("");
  });
});

describe("no panel computes: the server's parser finds columns of one view, and comparisons", () => {
  const chosen: Choices = {
    service: "o'service",
    agent: ["lead", "o'lead"],
    model: ["claude-opus-4-6", "') OR ('1'='1"],
    customer: ["acme", "'"],
    trace: "') UNION ALL SELECT 1 --",
  };

  test.each(panels)("$board: $title", async (one) => {
    const sql = asSent(askedBy(one), window, { ...choicesOf(one.variables), ...chosen }, one.variables);
    const lines = await ledger.parse(sql);
    const functions = lines.flatMap((line) => /Function (\w+)/.exec(line)?.[1] ?? []);
    const view = /\nFROM (\w+)/.exec(sql)?.[1] ?? "";
    expect(viewOf({ view, columns: [] }).name).toBe(view);
    const compares = ["equals", "notEquals", "in", "and", "tuple", "toDateTime"];
    expect(functions.filter((name) => !compares.includes(name) && name !== view)).toEqual([]);
    expect(lines.filter((line) => /^\s*SelectQuery/.test(line))).toHaveLength(1);
    expect(lines.filter((line) => /TablesInSelectQueryElement/.test(line))).toHaveLength(1);
    expect(one.panel.transformations).toBeUndefined();
  });
});

/** A column of the answer that a panel shows. */
async function shown(board: string, title: string, name: string, choices: Choices = {}): Promise<unknown[]> {
  const one = panels.find((panel) => panel.board === board && panel.title === title);
  if (one === undefined) throw new Error(`The dashboard ${board} has no panel "${title}"`);
  const sql = asSent(askedBy(one), window, { ...choicesOf(one.variables), ...choices }, one.variables);
  const { columns, rows } = await ledger.ask(sql);
  return rows.map((row) => row[columns.findIndex((column) => column.name === name)]);
}

test("choosing leaves the rows of what is chosen, and All leaves all", async () => {
  const names = (agent: Choices[string]): Promise<unknown[]> => shown("agents", "Agents", "agent_name", { agent });
  expect(await names(["lead", "searcher"])).toEqual(["lead", "searcher"]);
  expect(await names(all)).toEqual(expect.arrayContaining(["lead", "searcher", "crawler", ""]));
});

test("however it is told apart, the money is the same", async () => {
  const total = async (...panel: Parameters<typeof shown>): Promise<number> =>
    (await shown(...panel)).reduce<number>((sum, dollars) => sum + Number(dollars), 0);
  const known = "known_cost_usd";
  const spent = await total("overview", "Spent", known);
  expect(spent).toBeGreaterThan(1);
  const told = await Promise.all([
    ...["model", "agent", "customer", "feature", "service", "provider"].map((by) =>
      total("overview", "Known cost by $by, each $every", known, { by }),
    ),
    total("overview", "Why it was spent", known),
    total("overview", "Models", known),
    total("overview", "Dearest traces", known),
    total("agents", "Agents", "self_known_cost_usd"),
    total("agents", "The tree of agents", "self_known_cost_usd"),
    total("cache-and-waste", "Known cost by cause, each $every", known),
    total("customers-and-budgets", "Customers", known),
    total("customers-and-budgets", "Customers by feature", known),
    total("prices-and-health", "Priced, and why not", known),
  ]);
  // The plugin reads amounts as floating point, and so does this.
  for (const dollars of told) expect(dollars).toBeCloseTo(spent, 9);
});

test("Grafana's user reads the ledger, sets the longest time of a query, and nothing else", async () => {
  const total = "SELECT calls FROM ledger_total(from = '2026-05-01 00:00:00', to = '2026-05-02 00:00:00') SETTINGS";
  await expect(ledger.ask(`${total} max_execution_time = 30`)).resolves.toBeDefined();
  await expect(ledger.ask(`${total} max_execution_time = 301`)).rejects.toThrow(/max_execution_time/);
  await expect(ledger.ask(`${total} max_memory_usage = 0`)).rejects.toThrow(/max_memory_usage/);
  await expect(ledger.ask("INSERT INTO budgets (scope) VALUES ('all')")).rejects.toThrow(
    /ACCESS_DENIED|readonly|privileges/,
  );
  await expect(ledger.ask("SELECT * FROM system.users")).rejects.toThrow(/privileges|ACCESS_DENIED/);
});
