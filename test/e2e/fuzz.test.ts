import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import fc from "fast-check";
import { migrate } from "@tokenledger/clickhouse";
import { startStore, type Store } from "@tokenledger/local";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { memoryMegabytes } from "../bench/process-usage.ts";
import { forkReceiver } from "../bench/receiver-process.ts";
import { calls, collect, counter, isBuilt, select, token } from "./collector-rig.ts";
import { type HostileRequest, hostileRequests, type Numbers } from "./hostile-requests.ts";
import { seed } from "./seed.ts";

/** Requests to each receiver; `FUZZ_RUNS=100000` for a night's. */
const runs = Number(process.env["FUZZ_RUNS"] ?? 120);
vi.setConfig({ testTimeout: 120_000 + runs * 500 });

const scratch = mkdtempSync(join(tmpdir(), "tokenledger-fuzz-"));
let store: Store;
let nextNumber = 0;

beforeAll(async () => {
  store = await startStore({ directory: join(scratch, "store") });
  await migrate(store.target);
});
afterAll(async () => {
  await store?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

/** A receiver under fire, and what it says that became of the spans. */
interface Intake {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
  /** Spans that it took and did not set aside. */
  kept(): Promise<number>;
  /** Spans that it set aside. */
  setAside(): Promise<number>;
}

const newReceiver = async (database: string): Promise<Intake> => {
  const receiver = await forkReceiver({ ...store, database }, token);
  const setAside = async (): Promise<number> =>
    Object.values((await receiver.statistics()).rejected).reduce((sum, spans) => sum + spans, 0);
  return { ...receiver, setAside, kept: async () => (await receiver.statistics()).received - (await setAside()) };
};
const newCollector = async (database: string): Promise<Intake> => {
  const collector = await collect({ ...store, database }, join(scratch, "queue"));
  const setAside = (): Promise<number> => counter(collector, "otelcol_processor_filter_spans_filtered");
  const accepted = (): Promise<number> => counter(collector, "otelcol_receiver_accepted_spans");
  return { ...collector, setAside, kept: async () => (await accepted()) - (await setAside()) };
};

const ways: {
  way: string;
  database: string;
  start: (database: string) => Promise<Intake>;
  keepsNeighbours: boolean;
  megabytes: number;
}[] = [{ way: "the local receiver", database: "received", start: newReceiver, keepsNeighbours: true, megabytes: 400 }];
// The collector's own decoder refuses a request of JSON as a whole, and says so to its sender. What it decodes takes up
// to a hundred times its bytes.
if (isBuilt()) {
  ways.push({
    way: "the collector",
    database: "collected",
    start: newCollector,
    keepsNeighbours: false,
    // It unpacks several requests of 20 MB at once, and its JSON takes some thirty times the bytes.
    megabytes: 3_000,
  });
}

interface Answered {
  readonly request: HostileRequest;
  readonly status: number;
  readonly text: string;
  readonly rejected: number;
}

/** What the collector says, with status 500, where its words on bad input would quote bytes that are no text. */
const garbled = "failed to marshal error message";

/** Statuses on which a sender tries again. */
const passing = new Set([429, 503]);

const send = async (url: string, request: HostileRequest): Promise<Answered> => {
  const answer = await fetch(`${url}/v1/traces`, {
    method: "POST",
    headers: { ...request.headers, Authorization: `Bearer ${token}` },
    body: Uint8Array.from(request.body),
  });
  const text = await answer.text();
  if (passing.has(answer.status)) {
    await setTimeout(100);
    return send(url, request);
  }
  return { request, status: answer.status, text, rejected: Number(/"rejectedSpans":"?(\d+)/.exec(text)?.[1] ?? 0) };
};

/** Sends hostile requests, four at a time, and an honest one after them. */
const fire = async (url: string): Promise<Answered[]> => {
  const next: Numbers = (count) => Array.from({ length: count }, () => (nextNumber += 1));
  const requests = fc.sample(hostileRequests, { numRuns: runs, seed }).map((make) => make(next));
  const answered: Answered[] = [];
  const sender = async (): Promise<void> => {
    for (let request = requests.pop(); request !== undefined; request = requests.pop()) {
      answered.push(await send(url, request));
    }
  };
  await Promise.all([sender(), sender(), sender(), sender()]);
  const good = next(5);
  const body = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: calls(good[0] ?? 0, 5) }] }] }));
  const headers = { "Content-Type": "application/json" };
  return [...answered, await send(url, { what: "honest", body, headers, good, wellFormed: true })];
};

/** What is not taken is the sender's fault, and never to be sent again; what is good has to be taken. */
const expectFairAnswers = (answered: readonly Answered[], keepsNeighbours: boolean): void => {
  const told = (all: readonly Answered[]): unknown[] =>
    all.map(({ request, status, text }) => [request.what, status, text.slice(0, 300)]);
  const odd = answered.filter(({ status, text }) => ![200, 400, 413].includes(status) && !text.includes(garbled));
  expect(told(odd)).toEqual([]);
  const owed = ({ request }: Answered): boolean => request.wellFormed || (keepsNeighbours && request.good.length > 0);
  expect(told(answered.filter((answer) => owed(answer) && answer.status !== 200))).toEqual([]);
};

/** Every good call of the requests that were taken is billed once, none of the others, and no row is absurd. */
const expectRightRows = async (answered: readonly Answered[], database: string): Promise<number> => {
  const rows = await select<{ id: string; counts: string }>(
    { client: store.client, database },
    `SELECT response_id AS id, toString([input_tokens, output_tokens]) AS counts
     FROM ${database}.llm_calls FINAL WHERE billed_by = 0`,
  );
  const found = Map.groupBy(rows, ({ id }) => id);
  const counts = (number: number): string =>
    (found.get(`chatcmpl-${number}`) ?? []).map((row) => row.counts).join(" and ");
  const good = (wanted: boolean): number[] =>
    answered.filter(({ status }) => (status === 200) === wanted).flatMap(({ request }) => request.good);
  expect(good(true).filter((number) => counts(number) !== "[10,5]")).toEqual([]);
  expect(good(false).filter((number) => counts(number) !== "")).toEqual([]);
  expect(await faultyRows(database)).toEqual([]);
  return good(true).length;
};

describe.each(ways)("bad input to $way", ({ way, database, start, keepsNeighbours, megabytes }) => {
  test("never ends it, costs no neighbour, makes no wrong row, and is counted", async () => {
    await migrate({ client: store.client, database });
    const intake = await start(database);
    const answered = await fire(intake.url);
    expectFairAnswers(answered, keepsNeighbours);
    const kept = await vi.waitFor(
      async () => {
        const landed = await landedRows(database);
        expect(landed).toBe(await intake.kept());
        return landed;
      },
      { timeout: 60_000, interval: 250 },
    );
    // Facts follow their landing within one insert.
    const good = await vi.waitFor(() => expectRightRows(answered, database), { timeout: 20_000, interval: 250 });
    const aside = await intake.setAside();
    // The collector's format has no room for what its filter sets aside.
    const told = answered.reduce((sum, { rejected }) => sum + rejected, 0);
    expect([aside > 0, told > 0, told <= aside]).toEqual([true, keepsNeighbours, true]);
    const { peak } = memoryMegabytes(intake.pid);
    expect(peak).toBeLessThan(megabytes);
    await intake.stop();
    const statuses = [...Map.groupBy(answered, ({ status }) => status)].map(
      ([status, all]) => `${all.length} × ${status}`,
    );
    console.log(
      `seed ${seed}, ${way}: ${answered.length} requests (${statuses.toSorted().join(", ")}), ${kept} spans stored, ` +
        `${aside} set aside, ${good} good ones all there once, ${Math.round(peak)} MB at most`,
    );
  });
});

const landedRows = async (database: string): Promise<number> => {
  const query = `SELECT toString(count()) AS rows FROM ${database}.otel_traces`;
  const [row] = await select<{ rows: string }>({ client: store.client, database }, query);
  return Number(row?.rows);
};

/** Rows that no span can mean. */
const faultyRows = (database: string): Promise<object[]> =>
  select<object>(
    { client: store.client, database },
    `SELECT TraceId, SpanId, Timestamp FROM ${database}.otel_traces
     WHERE NOT match(TraceId, '^[0-9a-f]{32}$') OR NOT match(SpanId, '^[0-9a-f]{16}$') OR NOT match(ParentSpanId, '^([0-9a-f]{16})?$')
       OR Timestamp < '2015-01-01' OR Timestamp > now() + INTERVAL 25 HOUR OR NOT isValidUTF8(SpanName)`,
  );
