import { holdsLogs, MalformedInput } from "@tokenledger/local";
import { otlpRequest, spanIdentity, type ExportedSpan } from "./exported-span.ts";
import { object } from "./json-fields.ts";
import { parsedJson } from "./json-records.ts";
import { langfuseSpans } from "./langfuse-export.ts";
import { sdkSpans } from "./sdk-span-export.ts";
import type { TracePiece } from "./trace-file.ts";

type Fields = Record<string, unknown>;

/** An OTLP request, and what it is of. */
export interface OtlpRequest extends TracePiece {
  readonly signal: "spans" | "logs";
}

/**
 * The OTLP request that a piece of a file stands for.
 *
 * @throws MalformedInput where it holds neither log records nor spans of any known form
 */
export function requestOf({ format, bytes }: TracePiece, modifiedAt: number): OtlpRequest {
  if (format === "protobuf") return { format, bytes, signal: holdsLogs(bytes) ? "logs" : "spans" };
  if (bytes.includes('"resourceSpans"')) return { format, bytes, signal: "spans" };
  const record = object(parsedJson(bytes.toString("utf8")));
  if (!record) throw new MalformedInput("not valid JSON");
  if (record["resourceLogs"] !== undefined) return { format, bytes, signal: "logs" };
  if (record["resourceMetrics"] !== undefined) throw new MalformedInput("OTLP, but neither of traces nor of logs");
  const spans = langfuseSpans(record) ?? sdkSpans(record) ?? bareSpan(record, bytes, modifiedAt);
  if (spans) return { format: "json", bytes: otlpRequest(spans), signal: "spans" };
  throw new MalformedInput(`no spans of a known form (${Object.keys(record).slice(0, 5).join(", ") || "empty"})`);
}

/**
 * The attributes of one span and nothing else, as test suites and examples keep them. It has no identity and
 * no time: the former follows from its content, the latter is when the file was written.
 */
function bareSpan(record: Fields, content: Buffer, modifiedAt: number): ExportedSpan[] | undefined {
  if (record["openinference.span.kind"] === undefined && record["gen_ai.operation.name"] === undefined)
    return undefined;
  const start = `${Math.floor(modifiedAt)}000000`;
  const identity = content.toString("utf8");
  return [
    {
      traceId: spanIdentity(16, `trace ${identity}`),
      spanId: spanIdentity(8, `span ${identity}`),
      parentSpanId: "",
      name: "span without a name",
      kind: 0,
      start,
      end: start,
      failed: false,
      statusMessage: "",
      attributes: record,
      resource: {},
      scope: { name: "", version: "" },
    },
  ];
}
