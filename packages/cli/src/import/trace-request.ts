import { MalformedInput } from "@tokenledger/local";
import { object } from "./json-fields.ts";
import { parsedJson } from "./json-records.ts";
import type { TracePiece } from "./trace-file.ts";

/**
 * The OTLP request that a piece of a trace file stands for.
 *
 * @throws MalformedInput where it holds no spans of any known form
 */
export function requestOf(
  { format, bytes }: TracePiece,
  _modifiedAt: number,
): { body: Buffer; format: "json" | "protobuf" } {
  if (format === "protobuf") return { body: bytes, format };
  const record = object(parsedJson(bytes.toString("utf8")));
  if (record?.["resourceSpans"] !== undefined) return { body: bytes, format };
  throw new MalformedInput("no spans of a known form");
}
