import { request } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { settle } from "@tokenledger/clickhouse";
import { type Ledger, openLedger } from "@tokenledger/local";
import type { Asset } from "./assets.ts";
import { type Page, servePage } from "./page-server.ts";

const key = "the-key";
export const secret = "nobody may read this";

/** A customer whose name a spreadsheet would run. */
export const formula = '=HYPERLINK("http://evil.example")';

/** A page over a ledger of two calls, beside a table that is not its. */
export interface PageLedger {
  readonly ledger: Ledger;
  readonly page: Page;
  readonly stop: () => Promise<void>;
}

export async function startPageLedger(): Promise<PageLedger> {
  const directory = mkdtempSync(join(tmpdir(), "tokenledger-page-"));
  const ledger = await openLedger({ directory });
  const { client } = ledger.target;
  await client.command({ query: "CREATE DATABASE others" });
  await client.command({ query: "CREATE TABLE others.secrets (secret String) ENGINE = Memory" });
  await client.insert({ table: "others.secrets", values: [{ secret }], format: "JSONEachRow" });
  await client.insert({ table: "otel_traces", values: [call(1, "acme"), call(2, formula)], format: "JSONEachRow" });
  await settle(ledger.target);
  const page = await servePage({ reader: ledger.reader, version: "1.2.3", key, port: 0, assets });
  const stop = async (): Promise<void> => {
    await page.stop();
    await ledger.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { ledger, page, stop };
}

const assets: ReadonlyMap<string, Asset> = new Map([
  ["/index.html", { body: Buffer.from("<title>the page</title>"), type: "text/html; charset=utf-8", isLasting: false }],
  ["/assets/a-1.js", { body: Buffer.from("1"), type: "text/javascript; charset=utf-8", isLasting: true }],
]);

const call = (number: number, customer: string): object => ({
  Timestamp: `2026-05-01 10:00:0${number}`,
  TraceId: String(number).repeat(32),
  SpanId: `000000000000000${number}`,
  SpanName: "chat",
  ServiceName: "app",
  ScopeName: "@tokenledger/instrumentation-anthropic",
  SpanAttributes: {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "anthropic",
    "gen_ai.response.model": "claude-opus-4-6",
    "tokenledger.usage.source": "reported",
    "gen_ai.usage.input_tokens": "10000",
    "gen_ai.usage.output_tokens": "100",
    "tokenledger.customer.id": customer,
  },
  Duration: 2_000_000,
});

export interface Asked {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Sends a request as it is said, without a client's own ideas about paths and headers. */
export const ask = (
  { origin }: Page,
  path: string,
  parts: { readonly method?: string; readonly headers?: Readonly<Record<string, string | string[]>> } = {},
): Promise<Asked> =>
  new Promise((settled, fail) => {
    const { hostname, port } = new URL(origin);
    const { method = "GET", headers = {} } = parts;
    const all = { Authorization: `Bearer ${key}`, ...headers };
    const outgoing = request({ hostname, port, method, path, headers: all }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("end", () => settled({ status: response.statusCode ?? 0, headers: response.headers, body }));
      response.on("error", fail);
    });
    outgoing.on("error", fail);
    outgoing.end();
  });
