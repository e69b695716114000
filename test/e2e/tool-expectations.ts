/** What another tool needs of a span, by the attributes that its own source reads. */
export interface Need {
  readonly tool: "Langfuse" | "Phoenix";
  readonly purpose: string;
  /** Which spans: `gen_ai.operation.name`, with calls as `call`. */
  readonly on: "call" | "agent" | "tool";
  /** The tool takes the first of these that it finds. */
  readonly anyOf: readonly string[];
  readonly type: "stringValue" | "intValue" | "arrayValue";
  /** Where the provider says it at all: the attribute with which we say that it did. */
  readonly where?: string;
}

const usage = "gen_ai.usage.input_tokens";
const cacheWrite = "gen_ai.usage.cache_write.input_tokens";

/** `langfuse/langfuse`, packages/shared/src/server/otel: OtelIngestionProcessor and ObservationTypeMapper. */
const langfuse: readonly Omit<Need, "tool">[] = [
  { purpose: "type of observation", on: "call", anyOf: ["gen_ai.operation.name"], type: "stringValue" },
  { purpose: "type of observation", on: "agent", anyOf: ["gen_ai.operation.name"], type: "stringValue" },
  { purpose: "type of observation", on: "tool", anyOf: ["gen_ai.operation.name"], type: "stringValue" },
  { purpose: "model", on: "call", anyOf: ["gen_ai.response.model", "gen_ai.request.model"], type: "stringValue" },
  { purpose: "input, cache included", on: "call", anyOf: [usage], type: "intValue", where: usage },
  {
    purpose: "output, reasoning included",
    on: "call",
    anyOf: ["gen_ai.usage.output_tokens"],
    type: "intValue",
    where: "gen_ai.usage.output_tokens",
  },
  {
    purpose: "input_cached_tokens",
    on: "call",
    anyOf: ["gen_ai.usage.cache_read.input_tokens"],
    type: "intValue",
    where: "gen_ai.usage.cache_read.input_tokens",
  },
  {
    purpose: "input_cache_creation",
    on: "call",
    anyOf: ["gen_ai.usage.cache_creation.input_tokens"],
    type: "intValue",
    where: cacheWrite,
  },
  {
    purpose: "output_reasoning_tokens",
    on: "call",
    anyOf: ["gen_ai.usage.reasoning.output_tokens"],
    type: "intValue",
    where: "gen_ai.usage.reasoning.output_tokens",
  },
  { purpose: "name of a tool", on: "tool", anyOf: ["gen_ai.tool.name"], type: "stringValue" },
];

/** `Arize-ai/phoenix`, src/phoenix/trace/gen_ai/conversion.py: OpenTelemetry's names become OpenInference's. */
const phoenix: readonly Omit<Need, "tool">[] = [
  { purpose: "openinference.span.kind", on: "call", anyOf: ["gen_ai.operation.name"], type: "stringValue" },
  { purpose: "openinference.span.kind", on: "agent", anyOf: ["gen_ai.operation.name"], type: "stringValue" },
  { purpose: "openinference.span.kind", on: "tool", anyOf: ["gen_ai.operation.name"], type: "stringValue" },
  { purpose: "llm.provider", on: "call", anyOf: ["gen_ai.provider.name"], type: "stringValue" },
  { purpose: "llm.model_name", on: "call", anyOf: ["gen_ai.request.model"], type: "stringValue" },
  { purpose: "llm.token_count.prompt", on: "call", anyOf: [usage], type: "intValue", where: usage },
  {
    purpose: "llm.token_count.prompt_details.cache_read",
    on: "call",
    anyOf: ["gen_ai.usage.cache_read.input_tokens"],
    type: "intValue",
    where: "gen_ai.usage.cache_read.input_tokens",
  },
  {
    purpose: "llm.token_count.prompt_details.cache_write",
    on: "call",
    anyOf: ["gen_ai.usage.cache_creation.input_tokens"],
    type: "intValue",
    where: cacheWrite,
  },
  {
    purpose: "llm.finish_reason",
    on: "call",
    anyOf: ["gen_ai.response.finish_reasons"],
    type: "arrayValue",
    where: "gen_ai.response.finish_reasons",
  },
  { purpose: "tool.name", on: "tool", anyOf: ["gen_ai.tool.name"], type: "stringValue" },
  { purpose: "tool.id", on: "tool", anyOf: ["gen_ai.tool.call.id"], type: "stringValue" },
];

export const needs: readonly Need[] = [
  ...langfuse.map((need) => ({ tool: "Langfuse" as const, ...need })),
  ...phoenix.map((need) => ({ tool: "Phoenix" as const, ...need })),
];
