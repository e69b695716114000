import type { Store } from "@tokenledger/local";
import { type BenchSpan, landingRows } from "./spans.ts";

/** Formats in which rows are inserted without anybody between: what intakes are compared with. */
export type RawFormat = "Native" | "JSONEachRow";

/** Inserts bytes of a format into the landing table, and so into the facts, and returns when they are committed. */
export const insertRaw = async (store: Store, format: RawFormat, bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
  await ask(store, `INSERT INTO ${store.database}.otel_traces FORMAT ${format}`, bytes);
};

/** Rows of spans in a format, ready to be sent. */
export const rawRows = async (
  store: Store,
  format: RawFormat,
  spans: readonly BenchSpan[],
): Promise<Uint8Array<ArrayBuffer>> => {
  const json = Buffer.from(
    landingRows(spans)
      .map((row) => JSON.stringify(row))
      .join("\n"),
  );
  if (format === "JSONEachRow") return Uint8Array.from(json);
  // The server itself writes its format best.
  const staging = `${store.database}.bench_staging`;
  await ask(store, `CREATE OR REPLACE TABLE ${staging} AS ${store.database}.otel_traces ENGINE = Memory`);
  await ask(store, `INSERT INTO ${staging} FORMAT JSONEachRow`, Uint8Array.from(json));
  const native = await ask(store, `SELECT * FROM ${staging} FORMAT Native SETTINGS max_block_size = 1000000`);
  await ask(store, `DROP TABLE ${staging}`);
  return native;
};

const ask = async (
  { url, username, password }: Store,
  query: string,
  body?: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> => {
  const parameters = new URLSearchParams({ query, async_insert: "0", date_time_input_format: "basic" });
  const answer = await fetch(`${url}/?${parameters.toString()}`, {
    method: "POST",
    // The server closes idle connections, and preparing the next round may take longer than that.
    headers: { "X-ClickHouse-User": username, "X-ClickHouse-Key": password, Connection: "close" },
    ...(body && { body }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return new Uint8Array(await answer.arrayBuffer());
};
