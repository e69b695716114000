import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { opusCall, span } from "../../../clickhouse/test/test-ledger.ts";
import { sqlOf } from "../../grafana/src/view-query.ts";
import { asSent, fieldOf } from "../../grafana/test/as-grafana.ts";
import { type GrafanaLedger, startGrafanaLedger } from "../../grafana/test/grafana-ledger.ts";
import { type MoneyAlert, moneyAlerts } from "../src/money-alerts.ts";

let ledger: GrafanaLedger;
let spans = 0;

/** A call of claude-opus-4-6, 200,000 input tokens of which cost a dollar. */
const call = (
  at: string,
  { input, read }: { input: number; read?: number },
  labels: Readonly<Record<string, string>> = {},
  trace: number = 10_000 + spans,
): ReturnType<typeof span> => {
  spans += 1;
  const usage = {
    input_tokens: input,
    output_tokens: 0,
    ...(read !== undefined && { "cache_read.input_tokens": read }),
  };
  return span({ trace, span: spans }, opusCall(usage, labels), { Timestamp: at });
};

const customer = (name: string): Record<string, string> => ({ "tokenledger.customer.id": name });
const agent = (name: string, run = ""): Record<string, string> => ({
  "gen_ai.agent.name": name,
  "tokenledger.agent.path": JSON.stringify([name]),
  "tokenledger.agent.run_id": run,
  "tokenledger.feature.name": "crawl",
});

/** A run of so many calls, in a trace of its own. */
const run = (day: string, number: number, calls: number): ReturnType<typeof span>[] =>
  Array.from({ length: calls }, (_, index) =>
    call(
      `${day}T0${number % 9}:00:${String(index).padStart(2, "0")}Z`,
      { input: 1000 },
      agent("crawler", `${day}-${number}`),
      500 + number + 100 * Number(day.slice(-2)),
    ),
  );

beforeAll(async () => {
  ledger = await startGrafanaLedger();
  await ledger.store.client.command({
    query: `INSERT INTO budgets (scope, name, period, valid_from, limit_usd) VALUES
      ('customer', 'spender', 'day', '2026-03-01', 1), ('customer', 'saver', 'day', '2026-03-01', 1),
      ('customer', 'early', 'day', '2026-03-01', 1), ('customer', 'broke', 'day', '2026-03-01', 1)`,
  });
  await ledger.land([
    call("2026-03-01T06:00:00Z", { input: 140_000 }, customer("spender")),
    call("2026-03-01T06:00:00Z", { input: 60_000 }, customer("saver")),
    call("2026-03-01T06:00:00Z", { input: 240_000 }, customer("broke")),
    call("2026-03-02T01:00:00Z", { input: 20_000 }, customer("early")),
    // A day before, and in the six hours up to noon.
    call("2026-03-10T12:00:00Z", { input: 200_000, read: 180_000 }, agent("fallen")),
    call("2026-03-11T11:00:00Z", { input: 200_000, read: 20_000 }, agent("fallen")),
    call("2026-03-10T12:00:00Z", { input: 200_000, read: 180_000 }, agent("steady")),
    call("2026-03-11T11:00:00Z", { input: 200_000, read: 170_000 }, agent("steady")),
    call("2026-03-10T12:00:00Z", { input: 2000, read: 1800 }, agent("small")),
    call("2026-03-11T11:00:00Z", { input: 2000, read: 0 }, agent("small")),
    call("2026-03-20T11:00:00Z", { input: 10 }, { "gen_ai.response.model": "nobody-knows-this" }),
    call("2026-03-20T11:00:00Z", { input: 10 }),
    call("2026-03-22T11:00:00Z", { input: 10 }),
    ...Array.from({ length: 8 }, (_, number) => run("2026-04-01", number, 2)).flat(),
    ...run("2026-04-01", 8, 25),
    ...Array.from({ length: 8 }, (_, number) => run("2026-04-03", number, 2)).flat(),
    ...run("2026-04-03", 8, 15),
    ...Array.from({ length: 10 }, (_, number) =>
      call("2026-04-10T10:00:00Z", { input: 2000 }, customer(`minnow-${number}`)),
    ),
    call("2026-04-10T11:00:00Z", { input: 200_000 }, customer("moby")),
    ...Array.from({ length: 10 }, (_, number) =>
      call("2026-04-12T10:00:00Z", { input: 2000 }, customer(`minnow-${number}`)),
    ),
  ]);
  await ledger.settle();
});
afterAll(() => ledger.stop());

/** What Grafana makes of an alert at an instant: an instance for each row, by its labels, and whether it fires. */
async function instancesAt(alert: MoneyAlert, at: string): Promise<Map<string, boolean>> {
  const to = new Date(at);
  const from = new Date(to.getTime() - alert.windowHours * 3_600_000);
  const { columns, rows } = await ledger.ask(asSent(sqlOf(alert.query), { from, to }, {}, []));
  // Grafana takes a table of texts and one number for instances with labels; anything else is an error to it.
  expect(columns.map(({ type }) => fieldOf(type))).toEqual([...columns.slice(1).map(() => "text"), "number"]);
  const instances = new Map<string, boolean>();
  for (const row of rows) {
    const labels = row.slice(0, -1).join(" ");
    expect([...instances.keys()]).not.toContain(labels);
    const value = Number(row.at(-1));
    instances.set(labels, alert.fires.when === "gt" ? value > alert.fires.limit : value < alert.fires.limit);
  }
  return instances;
}

const alertNamed = (name: string): MoneyAlert => {
  const found = moneyAlerts.find((alert) => alert.name === name);
  if (found === undefined) throw new Error(`There is no alert "${name}"`);
  return found;
};
const firing = async (name: string, at: string): Promise<string[]> =>
  [...(await instancesAt(alertNamed(name), at))].filter(([, fires]) => fires).map(([labels]) => labels);

describe("an alert on money fires where it should, and nowhere else", () => {
  test("a budget that is spent faster than its time goes by, once a fifth of it is gone", async () => {
    expect(await firing("budget-burning", "2026-03-01T12:00:00Z")).toEqual([
      "customer broke day",
      "customer spender day",
    ]);
    expect(await firing("budget-burning", "2026-03-01T23:00:00Z")).toEqual(["customer broke day"]);
    expect(await firing("budget-burning", "2026-03-02T01:30:00Z")).toEqual([]);
  });

  test("a budget that is spent, until its period ends", async () => {
    expect(await firing("budget-spent", "2026-03-01T12:00:00Z")).toEqual(["customer broke day"]);
    expect(await firing("budget-spent", "2026-03-02T12:00:00Z")).toEqual([]);
  });

  test("a cache that hits less than before, where there are tokens enough to say so", async () => {
    expect(await firing("cache-hit-rate-falling", "2026-03-11T12:00:00Z")).toEqual([
      "anthropic claude-opus-4-6 fallen",
    ]);
    expect(await firing("cache-hit-rate-falling", "2026-03-10T13:00:00Z")).toEqual([]);
  });

  test("calls without a price", async () => {
    expect(await firing("unpriced-calls", "2026-03-20T12:00:00Z")).toEqual([
      "no model anthropic nobody-knows-this standard ",
    ]);
    expect(await firing("unpriced-calls", "2026-03-22T12:00:00Z")).toEqual([]);
  });

  test("a run that goes on for far longer than others, not one that is merely long", async () => {
    const [labels = ""] = await firing("runaway-loop", "2026-04-01T12:00:00Z");
    expect(labels).toContain("2026-04-01-8 crawler crawl steps");
    expect([...(await instancesAt(alertNamed("runaway-loop"), "2026-04-03T12:00:00Z")).values()]).toEqual([false]);
  });

  test("a customer who costs more than ten times most and a quarter of all, not one among equals", async () => {
    expect(await firing("whale", "2026-04-10T12:00:00Z")).toEqual(["moby"]);
    expect(await firing("whale", "2026-04-12T12:00:00Z")).toEqual([]);
  });

  test("every one of them is tested", () => {
    expect(moneyAlerts.map(({ name }) => name)).toEqual([
      "budget-burning",
      "budget-spent",
      "cache-hit-rate-falling",
      "unpriced-calls",
      "runaway-loop",
      "whale",
    ]);
  });
});
