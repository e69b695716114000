import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LedgerTarget } from "@tokenledger/clickhouse";

type Attributes = {
  key: string;
  value: { stringValue?: string; intValue?: number | string; arrayValue?: { values: unknown[] } };
}[];

interface HeldRequest {
  resourceSpans: { resource: { attributes: Attributes }; scopeSpans: { spans: HeldSpan[] }[] }[];
}

/** A span in the spool, as far as tests look at it. */
export interface HeldSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status?: { readonly code: number };
  readonly attributes: Attributes;
}

/** A Tokenledger folder of one test, connected to a receiver. */
export const makeHome = (receiver: { readonly url: string; readonly token: string }): string => {
  const home = mkdtempSync(join(tmpdir(), "tokenledger-home-"));
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "connection.json"), JSON.stringify({ version: 1, receiver }), { mode: 0o600 });
  return home;
};

const filesIn = (directory: string): string[] => {
  try {
    return readdirSync(directory).map((name) => join(directory, name));
  } catch {
    return [];
  }
};

/** The requests in the spool of a home. */
export const heldRequests = (home: string): HeldRequest[] =>
  filesIn(join(home, "spool", "local")).flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line): HeldRequest => JSON.parse(line)),
  );

/** Spans that wait on disk for the next start. */
export const heldSpans = (home: string): HeldSpan[] =>
  heldRequests(home)
    .flatMap((request) => request.resourceSpans)
    .flatMap((resource) => resource.scopeSpans)
    .flatMap((scope) => scope.spans);

/** Response ids of held spans. */
export const heldResponses = (home: string): string[] =>
  heldSpans(home).flatMap((span) => attribute(span, "gen_ai.response.id") ?? []);

export const attribute = (span: HeldSpan, key: string): string | undefined =>
  span.attributes.find((each) => each.key === key)?.value.stringValue;

/** Notices for `doctor`, by kind. */
export const notices = (home: string, kind: string): Record<string, unknown>[] =>
  filesIn(join(home, "notices"))
    .map((file): Record<string, unknown> => JSON.parse(readFileSync(file, "utf8")))
    .filter((notice) => notice["kind"] === kind);

/** Response ids of the calls that a service has in the ledger. */
export const storedResponses = async ({ client, database }: LedgerTarget, service: string): Promise<string[]> => {
  const result = await client.query({
    query: `SELECT DISTINCT SpanAttributes['gen_ai.response.id'] AS id
            FROM ${database}.otel_traces WHERE ServiceName = {service:String} AND id != ''`,
    query_params: { service },
    format: "JSONEachRow",
  });
  return (await result.json<{ id: string }>()).map(({ id }) => id);
};

/** Attributes of the resource of held spans. */
export const heldResource = (home: string): Record<string, string | undefined> => {
  const [request] = heldRequests(home);
  const attributes = request?.resourceSpans[0]?.resource.attributes ?? [];
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));
};
