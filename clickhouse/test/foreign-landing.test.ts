import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  backfill,
  type BackfillReport,
  landSpans,
  type LandingRow,
  LedgerError,
  type LedgerTarget,
  migrate,
  overLanding,
  publishPrices,
  queryView,
  settle,
} from "../src/index.ts";
import { selectRows } from "../src/ledger-target.ts";
import { catalogue } from "./catalogue.ts";
import { layouts } from "./landing-layouts.ts";
import { opusCall, span, startTestLedger, type TestLedger } from "./test-ledger.ts";

let ledger: TestLedger;
let made = 0;
/** A ledger over the landing table of the test at hand. */
let over: LedgerTarget;
beforeAll(async () => {
  ledger = await startTestLedger();
});
afterAll(() => ledger.stop());
const run = (query: string): Promise<unknown> => ledger.target.client.command({ query });
beforeEach(async () => {
  await run("DROP DATABASE IF EXISTS otel SYNC");
  await run("CREATE DATABASE otel");
  over = { client: ledger.target.client, database: `over_${(made += 1)}` };
});

// What reads a table finds the next one of its name, too.
afterEach(() => run(`DROP DATABASE IF EXISTS ${over.database} SYNC`));

async function install(): Promise<BackfillReport | undefined> {
  over = await overLanding(over, "otel.otel_traces");
  await migrate(over);
  await publishPrices(over, catalogue);
  return backfill(over);
}

/** Writes spans as the exporter does. JSON columns take apart names by their dots. */
async function exported(isJson: boolean, ...rows: readonly LandingRow[]): Promise<void> {
  const values = rows.map((row) => ({
    ...row,
    ...(isJson && { SpanAttributes: typed(row.SpanAttributes), "Events.Attributes": [], "Links.Attributes": [] }),
  }));
  await ledger.target.client.insert({
    table: "otel.otel_traces",
    values,
    format: "JSONEachRow",
    clickhouse_settings: { async_insert: 0, date_time_input_format: "basic", input_format_skip_unknown_fields: 1 },
  });
}

/** Maps hold text alone, JSON columns what the emitter said. */
const typed = (attributes: Readonly<Record<string, string>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, /^[[\d]/.test(value) ? JSON.parse(value) : value]),
  );

const usage = { input_tokens: 1_000, output_tokens: 50, "cache_read.input_tokens": 400 };
const call = (id: number, rest: Record<string, string> = {}): LandingRow =>
  span(
    { trace: id, span: id },
    opusCall(usage, {
      "tokenledger.agent.path": '["lead","writer"]',
      "gen_ai.response.finish_reasons": '["stop"]',
      "tokenledger.customer.id": 'a "quoted" {name}',
      ...rest,
    }),
    { StatusCode: "STATUS_CODE_OK" },
  );

const facts = (): Promise<Record<string, unknown>[]> =>
  selectRows(
    over,
    `SELECT span_id, agent_path, customer_id, input_text_tokens, cache_read_tokens, output_tokens, cost_usd
     FROM ${over.database}.llm_calls FINAL ORDER BY span_id`,
  );

describe.each(layouts)("over a landing table of $name", ({ isJson, ddl }) => {
  test("what was there and what comes are in the ledger as if it had landed here", async () => {
    await run(ddl);
    await exported(isJson, call(1), call(2));
    const before = await selectRows(over, "SHOW CREATE TABLE otel.otel_traces");
    expect(await install()).toMatchObject({ landing: "otel.otel_traces", spans: 2 });
    await exported(isJson, call(3));
    await settle(over);

    await ledger.clear();
    await landSpans(ledger.target, [call(1), call(2), call(3)]);
    await settle(ledger.target);
    const here = await selectRows(
      ledger.target,
      `SELECT span_id, agent_path, customer_id, input_text_tokens, cache_read_tokens, output_tokens, cost_usd
       FROM ledger.llm_calls FINAL ORDER BY span_id`,
    );
    expect(await facts()).toEqual(here);
    expect(here).toMatchObject([{ agent_path: ["lead", "writer"], cache_read_tokens: "400" }, {}, {}]);
    expect(await selectRows(over, "SHOW CREATE TABLE otel.otel_traces")).toEqual(before);
  });
});

describe("over any landing table", () => {
  const ddl = layouts[1]?.ddl ?? "";

  test("reading what was there goes on where it was interrupted, and a second run reads nothing twice", async () => {
    await run(ddl);
    await exported(false, call(1), call(50_000), call(100_000), call(200_000));
    over = await overLanding(over, "otel.otel_traces");
    await migrate(over);
    await publishPrices(over, catalogue);
    const seen: number[] = [];
    const interrupted = backfill(over, {
      onProgress: (read, all) => {
        seen.push(all);
        if (read >= 2) throw new Error("interrupted");
      },
    });
    await expect(interrupted).rejects.toThrow("interrupted");
    const rest = await backfill(over, { onProgress: (_, all) => void seen.push(all) });
    expect([seen[0], rest?.spans, (await backfill(over))?.spans]).toEqual([4, 4 - 2, 0]);
    expect(await facts()).toHaveLength(4);
  });

  test("spans are kept where they are and nowhere else, and what was delivered is read from there", async () => {
    await run(ddl);
    await exported(false, call(1), call(1));
    await install();
    expect(await selectRows(over, `SELECT count() AS kept FROM ${over.database}.otel_traces`)).toEqual([{ kept: "0" }]);
    const window = { from: "2020-01-01T00:00:00Z", to: "2030-01-01T00:00:00Z" };
    expect(await queryView(over, "delivery_health", window)).toMatchObject([{ deliveries: "2", repeated: "1" }]);
  });

  test("migrating again knows the table by itself, and changes nothing", async () => {
    await run(ddl);
    await install();
    expect(await migrate({ client: over.client, database: over.database })).toEqual({ migrations: [], objects: [] });
  });

  test("a table that holds no spans, one that is not there, a ledger with spans of its own and a cluster are refused", async () => {
    await run("CREATE TABLE otel.logs (Timestamp DateTime64(9), Body String) ENGINE = Memory");
    await run(ddl);
    await landSpans(ledger.target, [call(1)]);
    const faultOf = async (target: LedgerTarget, name: string): Promise<string> => {
      const error: unknown = await overLanding(target, name)
        .then(migrate)
        .catch((reason: unknown) => reason);
      return error instanceof LedgerError ? `${error.fault}: ${error.message}` : String(error);
    };
    expect(await faultOf(over, "otel.logs")).toMatch(/^unknown_landing: otel\.logs .* lacks TraceId, SpanId/);
    expect(await faultOf(over, "otel.missing")).toMatch(/^unknown_landing: There is no table otel\.missing/);
    expect(await faultOf(over, "otel.x; DROP TABLE y")).toMatch(/^unknown_landing/);
    expect(await faultOf(ledger.target, "otel.otel_traces")).toMatch(/^other_landing: .* has spans of its own/);
    expect(await faultOf({ ...over, cluster: { name: "main" } }, "otel.otel_traces")).toMatch(/^landing_on_cluster/);
  });
});
