import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explain, type LedgerTarget, migrate, publishPrices, settle } from "@tokenledger/clickhouse";
import { startReceiver, startStore, type Store } from "@tokenledger/local";
import { loadCatalogue } from "@tokenledger/prices";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { makeHome } from "./accounts.ts";
import { collect, isBuilt, rowsOf, select, startBackend, token } from "./collector-rig.ts";
import { runSample } from "./sample.ts";
import { randomFor, seed, shuffled } from "./seed.ts";

interface Span {
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  events?: { timeUnixNano: string }[];
}
interface Request {
  resourceSpans: { resource: object; scopeSpans: { scope: object; spans: Span[] }[] }[];
}

const scratch = mkdtempSync(join(tmpdir(), "tokenledger-order-"));
const dayNanos = 86_400_000_000_000n;
let store: Store;
/** The sample's spans, one to a request, in the order of their starts; in the middle of them is a midnight. */
let requests: Request[];
let inOrder: LedgerTarget;

const spanOf = ({ resourceSpans: [resource] }: Request): Span => {
  const span = resource?.scopeSpans[0]?.spans[0];
  if (span === undefined) throw new Error("a request without a span");
  return span;
};
const oneByOne = (request: Request): Request[] =>
  request.resourceSpans.flatMap((from) =>
    from.scopeSpans.flatMap(({ scope, spans }) =>
      spans.map((span) => ({ resourceSpans: [{ resource: from.resource, scopeSpans: [{ scope, spans: [span] }] }] })),
    ),
  );
const inTheirOrder = (spans: Request[]): Request[] =>
  spans.toSorted((left, right) => (spanOf(left).startTimeUnixNano < spanOf(right).startTimeUnixNano ? -1 : 1));

/** Moves spans in time, so that the one in the middle starts at the midnight before yesterday's. */
const acrossMidnight = (spans: Request[]): Request[] => {
  const middle = spans[spans.length >> 1];
  if (middle === undefined) throw new Error("the sample made no spans");
  const midnight = (BigInt(Date.now()) * 1_000_000n) / dayNanos - 1n;
  const shift = midnight * dayNanos - BigInt(spanOf(middle).startTimeUnixNano);
  const text = JSON.stringify(spans, (key, value: unknown) =>
    key.endsWith("TimeUnixNano") || key === "timeUnixNano" ? String(BigInt(value as string) + shift) : value,
  );
  return JSON.parse(text) as Request[];
};

const newLedger = async (database: string): Promise<LedgerTarget> => {
  const target = { client: store.client, database };
  await migrate(target);
  await publishPrices(target, await loadCatalogue());
  return target;
};
const send = async (url: string, parts: readonly Request[]): Promise<void> => {
  const body = JSON.stringify({ resourceSpans: parts.flatMap(({ resourceSpans }) => resourceSpans) });
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const answer = await fetch(`${url}/v1/traces`, { method: "POST", headers, body });
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringMatching(/^\{("partialSuccess":\{\})?\}$/)]);
};
/** Sends spans in another order, children before parents, in requests of any size; half of them after a settling. */
const sendShuffled = async (url: string, target: LedgerTarget, random: () => number): Promise<void> => {
  const left = shuffled(requests, random);
  let sent = 0;
  const landed = (): Promise<void> =>
    vi.waitFor(async () => {
      // A row is seen in the landing table before the facts that its insert makes: the insert must be over too.
      const [row] = await select<{ spans: string; inserts: string }>(
        target,
        `SELECT toString(count()) AS spans,
           (SELECT toString(count()) FROM system.processes WHERE query_kind = 'Insert') AS inserts
         FROM ${target.database}.otel_traces`,
      );
      expect([row?.spans, row?.inserts]).toEqual([String(sent), "0"]);
    }, 30_000);
  while (left.length > 0) {
    const portion = left.splice(0, 1 + Math.floor(random() * 4));
    await send(url, portion);
    const half = sent < requests.length / 2;
    sent += portion.length;
    if (!half || sent < requests.length / 2) continue;
    await landed();
    await settle(target);
    // A comparison that finds nothing now would find nothing at the end either.
    expect(await facts(target)).not.toEqual(await facts(inOrder));
  }
  await landed();
  await settle(target);
  await explain(target);
};

beforeAll(async () => {
  store = await startStore({ directory: join(scratch, "store") });
  const recorded: Request[] = [];
  const recorder = await startBackend(async ({ body }) => {
    recorded.push(JSON.parse(body.toString()) as Request);
    return 200;
  });
  const { ended } = await runSample("ES modules", makeHome({ url: recorder.url, token }), {
    OTEL_EXPORTER_OTLP_ENDPOINT: recorder.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
  });
  recorder.stop();
  if (ended.code !== 0) throw new Error(`the sample failed: ${ended.stderr}`);
  requests = acrossMidnight(inTheirOrder(recorded.flatMap(oneByOne)));
  inOrder = await newLedger("in_order");
  const receiver = await startReceiver({ target: inOrder, token });
  await send(receiver.url, requests);
  await receiver.stop();
  await settle(inOrder);
  await explain(inOrder);
});
afterAll(async () => {
  await store?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

/** All that views are made of. */
const tables = ["llm_calls", "agent_runs", "tool_calls", "spans", "call_prompts", "call_causes"];
const facts = async (target: LedgerTarget): Promise<Record<string, unknown>> => {
  const all: Record<string, unknown> = {};
  for (const table of tables) all[table] = await rowsOf(target, table);
  return all;
};

const ways: [string, (target: LedgerTarget) => Promise<{ url: string; stop(): Promise<void> }>][] = [
  ["the local receiver", (target) => startReceiver({ target, token })],
];
if (isBuilt()) {
  ways.push(["the collector", ({ database }) => collect({ ...store, database }, join(scratch, "queue"))]);
}

test.each(ways)(
  "spans out of order, a day late and across midnight make the same ledger, through %s",
  async (way, start) => {
    const days = new Set(requests.map((each) => BigInt(spanOf(each).startTimeUnixNano) / dayNanos));
    expect([days.size, requests.length > 20]).toEqual([2, true]);
    const target = await newLedger(`shuffled_${ways.findIndex(([name]) => name === way)}`);
    const intake = await start(target);
    await sendShuffled(intake.url, target, randomFor(way));
    await intake.stop();
    const [expected, found] = await Promise.all([facts(inOrder), facts(target)]);
    for (const name of Object.keys(expected)) expect([name, found[name]]).toEqual([name, expected[name]]);
    console.log(`seed ${seed}, ${way}: ${requests.length} spans, ${tables.length} tables equal`);
  },
  300_000,
);
