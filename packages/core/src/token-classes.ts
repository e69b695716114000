import type { FeeUsage, InputUsage, OutputUsage } from "./adapter.ts";

/** One class of billed tokens or fees, from the adapter's field to the price that applies to it. */
export interface TokenClass<Field extends string = string> {
  readonly direction: "input" | "output" | "fee";
  /** Field of {@link InputUsage}, {@link OutputUsage} or {@link FeeUsage}. */
  readonly field: Field;
  /** Attribute on the span: the provider's own, possibly overlapping count. */
  readonly attribute: string;
  /** The name the conventions gave it before, for tools that read no other yet. */
  readonly formerAttribute?: string;
  /** Column of `llm_calls`: disjoint, so that the columns of a direction sum to its total. */
  readonly column: string;
  /** Component of the price catalogue. */
  readonly component: string;
}

const input = <Field extends keyof InputUsage>(field: Field, attribute: string, column: string, component: string) =>
  ({ direction: "input", field, attribute, column, component }) as const;
const output = <Field extends keyof OutputUsage>(field: Field, attribute: string, column: string, component: string) =>
  ({ direction: "output", field, attribute, column, component }) as const;
const fee = <Field extends keyof FeeUsage>(field: Field, attribute: string, column: string, component: string) =>
  ({ direction: "fee", field, attribute, column, component }) as const;

/**
 * The one table of billed classes: class → attribute → fact column → price component.
 *
 * The text classes are the remainder of their direction, so that a direction always sums to what the
 * provider billed. `cache_write` is the part of all writes whose time to live is unknown; it is priced
 * like the shortest. The facts, the catalogue and the adapters are checked against this table.
 */
export const tokenClasses: readonly TokenClass[] = [
  input("text", "gen_ai.usage.text.input_tokens", "input_text_tokens", "input"),
  input("cacheRead", "gen_ai.usage.cache_read.input_tokens", "cache_read_tokens", "cache_read"),
  {
    ...input("cacheWrite", "gen_ai.usage.cache_write.input_tokens", "cache_write_tokens", "cache_write"),
    formerAttribute: "gen_ai.usage.cache_creation.input_tokens",
  },
  input("cacheWrite5m", "tokenledger.usage.cache_write.5m.input_tokens", "cache_write_5m_tokens", "cache_write_5m"),
  input("cacheWrite30m", "tokenledger.usage.cache_write.30m.input_tokens", "cache_write_30m_tokens", "cache_write_30m"),
  input("cacheWrite1h", "tokenledger.usage.cache_write.1h.input_tokens", "cache_write_1h_tokens", "cache_write_1h"),
  input("cacheWrite12h", "tokenledger.usage.cache_write.12h.input_tokens", "cache_write_12h_tokens", "cache_write_12h"),
  input("audio", "gen_ai.usage.audio.input_tokens", "input_audio_tokens", "input_audio"),
  input("audioCacheRead", "gen_ai.usage.audio.cache_read.input_tokens", "cache_read_audio_tokens", "cache_read_audio"),
  input("image", "gen_ai.usage.image.input_tokens", "input_image_tokens", "input_image"),
  input("video", "tokenledger.usage.video.input_tokens", "input_video_tokens", "input_video"),
  input("document", "tokenledger.usage.document.input_tokens", "input_document_tokens", "input_document"),
  input("toolUse", "tokenledger.usage.tool_use.input_tokens", "input_tool_use_tokens", "input_tool_use"),
  output("text", "gen_ai.usage.text.output_tokens", "output_text_tokens", "output"),
  output("reasoning", "gen_ai.usage.reasoning.output_tokens", "reasoning_tokens", "reasoning"),
  output("audio", "gen_ai.usage.audio.output_tokens", "output_audio_tokens", "output_audio"),
  output("image", "gen_ai.usage.image.output_tokens", "output_image_tokens", "output_image"),
  output(
    "predictionAccepted",
    "tokenledger.usage.prediction.accepted.output_tokens",
    "prediction_accepted_tokens",
    "prediction_accepted",
  ),
  output(
    "predictionRejected",
    "tokenledger.usage.prediction.rejected.output_tokens",
    "prediction_rejected_tokens",
    "prediction_rejected",
  ),
  fee("webSearches", "tokenledger.usage.web_search.requests", "web_search_requests", "web_search"),
  fee("webFetches", "tokenledger.usage.web_fetch.requests", "web_fetch_requests", "web_fetch"),
  fee("fileSearches", "tokenledger.usage.file_search.requests", "file_search_requests", "file_search"),
  fee("codeSessions", "tokenledger.usage.code_execution.sessions", "code_execution_sessions", "code_execution"),
];

/** Totals per direction, as the conventions name them. */
export const totalAttributes = {
  input: "gen_ai.usage.input_tokens",
  output: "gen_ai.usage.output_tokens",
} as const;
