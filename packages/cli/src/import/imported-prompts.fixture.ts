import type { LandingRow } from "@tokenledger/clickhouse";
import { sessionRows } from "./session-rows.ts";
import type { Transcripts } from "./transcripts.ts";

/** What a landed call says of its prompt. */
export interface LandedPrompt {
  readonly call: string | undefined;
  readonly kinds: string;
  readonly tokens: readonly number[];
  /** Fingerprints of each piece, and of the prompt up to it. */
  readonly pieces: readonly string[];
  readonly prefixes: readonly string[];
  readonly toolNames: readonly string[];
  readonly answer: readonly string[];
  readonly asked: readonly string[];
}

/** The rows that records of a log become. */
export function rowsOf(transcripts: Transcripts, records: readonly object[], file = "session.jsonl"): LandingRow[] {
  for (const record of records) transcripts.add({ ...record }, file);
  return [...transcripts.sessions()].flatMap(sessionRows);
}

/** What the calls among them say of their prompts, in the order of the log. */
export const landedPrompts = (rows: readonly LandingRow[]): LandedPrompt[] =>
  rows
    .map((row) => row.SpanAttributes)
    .filter((attributes) => attributes["tokenledger.usage.scope"] === "call")
    .map((attributes) => {
      const said = (name: string): string => attributes[`tokenledger.${name}`] ?? "";
      return {
        call: attributes["gen_ai.response.id"],
        kinds: said("prompt.segment.kinds"),
        tokens: said("prompt.segment.tokens").split(",").map(Number),
        pieces: unpacked(said("prompt.segment.fingerprints")),
        prefixes: unpacked(said("prompt.prefix.fingerprints")),
        toolNames: JSON.parse(said("prompt.tool_names") || "[]"),
        answer: unpacked(said("answer.fingerprints")),
        asked: JSON.parse(said("answer.tool_names") || "[]"),
      };
    });

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Words that no other text has. */
export const words = (topic: string, count: number): string =>
  Array.from({ length: count }, (_, index) => `${topic}${index}`).join(" ");

const unpacked = (packed: string): string[] => Buffer.from(packed, "base64").toString("hex").match(/.{16}/g) ?? [];
