import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { settle } from "@tokenledger/clickhouse";
import { openLedger, type Ledger } from "@tokenledger/local";
import { afterAll, beforeAll, expect, test } from "vitest";
import { filesBelow } from "./input-files.ts";
import { importOtlp, type OtlpImportReport } from "./otlp.ts";

/** Six calls in three requests, as the collector's file exporter (0.161.0) wrote them in each of its formats. */
const recorded = new URL("recorded-file-exporter/", import.meta.url).pathname;
const directory = mkdtempSync(join(tmpdir(), "tokenledger-otlp-"));
let ledger: Ledger;
beforeAll(async () => {
  ledger = await openLedger({ directory: join(directory, "ledger") });
});
afterAll(async () => {
  await ledger.close();
  rmSync(directory, { recursive: true, force: true });
});

const importInto = async (path: string): Promise<OtlpImportReport> =>
  importOtlp(ledger.target, await filesBelow(path, /./), () => undefined);

/** Writes one file of a test and imports it. */
async function imported(name: string, content: string | Uint8Array): Promise<OtlpImportReport> {
  const folder = mkdtempSync(join(directory, "files-"));
  writeFileSync(join(folder, name), content);
  return importInto(folder);
}

/** Input tokens of the calls of traces, sorted. */
async function inputsOf(...traceIds: string[]): Promise<number[]> {
  await settle(ledger.target);
  const answer = await ledger.reader.client.query({
    query: `SELECT toUInt32(input_tokens) AS input FROM llm_calls FINAL
      WHERE billed_by = 0 AND has({traceIds:Array(String)}, replaceAll(toString(trace_id), '-', '')) ORDER BY input`,
    query_params: { traceIds },
    format: "JSONEachRow",
  });
  return (await answer.json<{ input: number }>()).map(({ input }) => input);
}

/** The recorded requests, as JSON, in a trace of their own. */
function requestsIn(traceId: string): string[] {
  const lines = readFileSync(join(recorded, "json-lines.jsonl"), "utf8").trim().split("\n");
  return lines.map((line) =>
    line
      .replaceAll("0af7651916cd43dd8448eb211c80319c", traceId)
      .replaceAll("chatcmpl-file-export", `chatcmpl-${traceId}`),
  );
}

/** As many requests of two spans in one trace. */
function manyRequests(traceId: string, count: number): string[] {
  const [request = ""] = requestsIn(traceId);
  return Array.from({ length: count }, (_, index) =>
    request.replaceAll(/"spanId":"[0-9a-f]{10}/g, `"spanId":"${index.toString(16).padStart(10, "7")}`),
  );
}

const six = [100, 101, 102, 103, 104, 105];

test("every format of the collector's file exporter holds the same calls, which are billed once", async () => {
  for (const name of readdirSync(recorded)) {
    const report = await importInto(join(recorded, name));
    expect({ name, report }).toMatchObject({
      name,
      report: { requests: 3, spans: { received: 6 }, rejected: { count: 0 } },
    });
  }
  expect(await inputsOf("0af7651916cd43dd8448eb211c80319c")).toEqual(six);
});

test("JSON over many lines, lists of requests, packed files and names that say nothing are read by content", async () => {
  const forms: ((requests: string[]) => string | Uint8Array)[] = [
    (requests) =>
      JSON.stringify({ resourceSpans: requests.flatMap((text) => JSON.parse(text).resourceSpans) }, null, 2),
    (requests) => `\uFEFF\n${JSON.stringify(requests.map((text) => JSON.parse(text)))}`,
    (requests) =>
      JSON.stringify(
        requests.map((text) => JSON.parse(text)),
        null,
        2,
      ),
    (requests) => gzipSync(requests.join("\n")),
    (requests) => zstdCompressSync(requests.join("\r\n")),
  ];
  const traceIds = forms.map((_, index) => `${index + 1}`.padStart(32, "a"));
  for (const [index, form] of forms.entries()) {
    const { rejected, unreadable } = await imported("spans.data", form(requestsIn(traceIds[index] ?? "")));
    expect({ index, rejected: rejected.count, unreadable }).toEqual({ index, rejected: 0, unreadable: [] });
  }
  expect(await inputsOf(...traceIds)).toEqual(six.flatMap((input) => forms.map(() => input)));
});

test("a request in protobuf without a frame is read whole", async () => {
  const framed = readFileSync(join(recorded, "proto.bin"));
  const report = await imported("request.bin", framed.subarray(4, 4 + framed.readUInt32BE(0)));
  expect(report).toMatchObject({ requests: 1, spans: { received: 2 }, rejected: { count: 0 } });
});

test("cut, glued and NUL-filled lines cost the cut request alone", async () => {
  const traceId = "d".repeat(32);
  const [first = "", second = "", third = ""] = requestsIn(traceId);
  const report = await imported(
    "damaged.jsonl",
    `${first.slice(0, 300)}${second}\n\0\0\0\0${third}${first}\n${second.slice(0, 99)}`,
  );
  expect(report.rejected).toMatchObject({ count: 2, first: [{ reason: "cut off" }, { reason: "cut off at the end" }] });
  expect(await inputsOf(traceId)).toEqual(six);
});

test("frames that end too early and packed data that breaks off are named; what was read before is in the ledger", async () => {
  const framed = readFileSync(join(recorded, "proto-zstd.bin"));
  const cut = await imported("cut.proto", framed.subarray(0, framed.length - 5));
  expect(cut).toMatchObject({ requests: 2, rejected: { count: 1, first: [{ reason: "cut off at the end" }] } });
  const packed = gzipSync(manyRequests("e".repeat(32), 40).join("\n"));
  const broken = await imported("broken.jsonl.gz", packed.subarray(0, packed.length - 6));
  expect(broken.unreadable).toMatchObject([{ problem: expect.stringContaining("breaks off") }]);
  expect(broken.spans.stored).toBeGreaterThan(40);
});

test("what is no trace is set aside, named and counted, with an end to the naming", async () => {
  const lines = Array.from({ length: 1500 }, (_, index) => JSON.stringify({ line: index }));
  const report = await imported("other.jsonl", [...lines, '{"resourceMetrics":[]}', "not json"].join("\n"));
  expect(report).toMatchObject({ requests: 0, spans: { received: 0 }, rejected: { count: 1502 } });
  expect(report.rejected.first).toHaveLength(1000);
  expect(report.rejected.first[0]).toMatchObject({ place: "line 1", reason: "no spans of a known form (line)" });
  const folder = join(directory, "rubbish");
  mkdirSync(folder);
  writeFileSync(join(folder, "empty.json"), "");
  writeFileSync(join(folder, "image.bin"), Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]));
  expect(await importInto(folder)).toMatchObject({ files: 2, requests: 0, rejected: { count: 1 } });
});

test("many small requests share inserts", async () => {
  const lines = manyRequests("f".repeat(32), 400);
  const inserts = async (): Promise<number> => {
    const answer = await ledger.target.client.query({
      query: "SELECT toUInt32(value) AS inserts FROM system.events WHERE event = 'InsertQuery'",
      format: "JSONEachRow",
    });
    return (await answer.json<{ inserts: number }>())[0]?.inserts ?? 0;
  };
  const before = await inserts();
  expect(await imported("many.jsonl", lines.join("\n"))).toMatchObject({ requests: 400, spans: { stored: 800 } });
  expect((await inserts()) - before).toBeLessThan(40);
});
