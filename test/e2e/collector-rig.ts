import { existsSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { LedgerTarget } from "@tokenledger/clickhouse";
import { type CollectorOptions, type CollectorProcess, startCollector } from "@tokenledger/local";

/** Where `npm run collector:build` leaves the collector. */
export const distribution: string = fileURLToPath(new URL("../../collector/dist", import.meta.url));

/** Whether there is a collector to test; says so where there is none. */
export const isBuilt = (): boolean => {
  const built = existsSync(`${distribution}/tokenledger-collector`);
  if (!built) console.warn("skipped: no collector is built; with Go installed, run `npm run collector:build` first");
  return built;
};

export const token = "collector-test";

/** A collector of the test's own in front of a store. */
export const collect = (
  store: CollectorOptions["store"],
  directory: string,
  more: Partial<CollectorOptions> = {},
): Promise<CollectorProcess> => startCollector({ distribution, store, token, directory, ...more });

type Value = { stringValue: string } | { intValue: string } | { arrayValue: { values: Value[] } };

/** A span in OTLP's JSON. */
export interface WireSpan {
  traceId: string;
  spanId: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  status?: { code: number };
  attributes: { key: string; value: Value }[];
}

const valueOf = (value: string | number | string[]): Value => {
  if (typeof value === "number") return { intValue: String(value) };
  return typeof value === "string" ? { stringValue: value } : { arrayValue: { values: value.map(valueOf) } };
};

const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, "0");

/** The `number`th billed call of a test; its ids say which. */
export const call = (
  number: number,
  attributes: Readonly<Record<string, string | number | string[]>> = {},
  more: Partial<WireSpan> = {},
): WireSpan => {
  const start = BigInt(Date.now() - 60_000) * 1_000_000n;
  const all = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.response.model": "gpt-5.4",
    "gen_ai.response.id": `chatcmpl-${number}`,
    "gen_ai.usage.input_tokens": 10,
    "gen_ai.usage.output_tokens": 5,
    "tokenledger.usage.scope": "call",
    ...attributes,
  };
  return {
    traceId: hex(number + 1, 32),
    spanId: hex(number + 1, 16),
    name: "chat gpt-5.4",
    kind: 3,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 1_000_000_000n),
    attributes: Object.entries(all).map(([key, value]) => ({ key, value: valueOf(value) })),
    ...more,
  };
};

/** `count` calls, numbered from `first`. */
export const calls = (first: number, count: number): WireSpan[] =>
  Array.from({ length: count }, (_, index) => call(first + index));

/** Posts spans once, as an exporter does, and tells the status of the answer. */
export const post = async (
  { url }: { url: string },
  spans: readonly WireSpan[],
  bearer: string = token,
): Promise<number> => {
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "collector-test" } }] };
  const answer = await fetch(`${url}/v1/traces`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${bearer}` },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "test" }, spans }] }] }),
  });
  await answer.arrayBuffer();
  return answer.status;
};

export const select = async <Row>({ client }: LedgerTarget, query: string): Promise<Row[]> =>
  (await client.query({ query, format: "JSONEachRow" })).json<Row>();

/** The exporter sorts the attributes of a span; the receiver keeps their order. */
const inKeyOrder = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1)))
    : value;

/** Every distinct row of a table, without what each store adds of its own: when it came and was rewritten, and when the
 * prices were published. */
export const rowsOf = async ({ client, database }: LedgerTarget, table: string, final = "FINAL"): Promise<string[]> => {
  const answer = await client.query({
    query: `SELECT DISTINCT * FROM ${database}.${table} ${final}`,
    format: "JSONEachRow",
    clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
  });
  const rows = await answer.json<Record<string, unknown>>();
  return rows
    .map(({ version: _version, price_version: _prices, received_at: _received, ...row }) =>
      JSON.stringify(row, inKeyOrder),
    )
    .toSorted();
};

/** Response ids of the billed calls, one for each row, in order. */
export const billedIds = async (target: LedgerTarget): Promise<string[]> =>
  (
    await select<{ id: string }>(
      target,
      `SELECT response_id AS id FROM ${target.database}.llm_calls FINAL WHERE billed_by = 0 ORDER BY id`,
    )
  ).map(({ id }) => id);

export const idsOf = (spans: readonly WireSpan[]): string[] =>
  spans.map((span) => `chatcmpl-${Number.parseInt(span.spanId, 16) - 1}`).toSorted();

const sumOf = (text: string, name: string, labels: string): number =>
  text
    .split("\n")
    .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(labels))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);

/** The sum of one of the collector's own counters over its labels; 0 where it has not counted yet. */
export const counter = async ({ metricsUrl }: CollectorProcess, name: string, labels = ""): Promise<number> =>
  sumOf(await (await fetch(metricsUrl)).text(), name, labels);

/** The same of a metric that the collector received or made. */
export const received = async ({ receivedMetricsUrl }: CollectorProcess, name: string, labels = ""): Promise<number> =>
  sumOf(
    await (await fetch(receivedMetricsUrl, { headers: { Authorization: `Bearer ${token}` } })).text(),
    name,
    labels,
  );

/** One request that a {@link startBackend} took. */
export interface Taken {
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** An HTTP server that hands every request to `take` and answers with the status that this settles to. */
export const startBackend = async (
  take: (request: Taken) => Promise<number>,
): Promise<{ url: string; stop(): void }> => {
  const server = createServer((incoming, outgoing) => {
    const body: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => body.push(chunk));
    incoming.on("end", () => {
      take({ path: incoming.url ?? "/", headers: incoming.headers, body: Buffer.concat(body) }).then(
        (status) => outgoing.writeHead(status).end(),
        () => outgoing.writeHead(503).end(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
};
