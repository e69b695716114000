/**
 * The only file that spells attribute names.
 *
 * `gen_ai.*` follows the newest GenAI conventions (their npm constants are frozen at older names, so
 * the strings live here); everything of ours is under `tokenledger.`.
 */
export const names = {
  operationName: "gen_ai.operation.name",
  providerName: "gen_ai.provider.name",
  requestModel: "gen_ai.request.model",
  responseModel: "gen_ai.response.model",
  responseId: "gen_ai.response.id",
  finishReasons: "gen_ai.response.finish_reasons",
  timeToFirstChunk: "gen_ai.response.time_to_first_chunk",
  requestStream: "gen_ai.request.stream",
  maxTokens: "gen_ai.request.max_tokens",
  temperature: "gen_ai.request.temperature",
  topP: "gen_ai.request.top_p",
  topK: "gen_ai.request.top_k",
  seed: "gen_ai.request.seed",
  choiceCount: "gen_ai.request.choice.count",
  frequencyPenalty: "gen_ai.request.frequency_penalty",
  presencePenalty: "gen_ai.request.presence_penalty",
  stopSequences: "gen_ai.request.stop_sequences",
  encodingFormats: "gen_ai.request.encoding_formats",
  outputType: "gen_ai.output.type",
  reasoningLevel: "gen_ai.request.reasoning.level",
  previousResponseId: "gen_ai.request.previous_response.id",
  conversationId: "gen_ai.conversation.id",
  agentName: "gen_ai.agent.name",
  toolName: "gen_ai.tool.name",
  toolCallId: "gen_ai.tool.call.id",
  openaiApiType: "openai.api.type",
  openaiRequestServiceTier: "openai.request.service_tier",
  openaiResponseServiceTier: "openai.response.service_tier",
  serverAddress: "server.address",
  serverPort: "server.port",
  errorType: "error.type",
  httpStatus: "http.response.status_code",
  inputMessages: "gen_ai.input.messages",
  outputMessages: "gen_ai.output.messages",
  systemInstructions: "gen_ai.system_instructions",
  toolDefinitions: "gen_ai.tool.definitions",

  /** `call` (billable), `aggregate` (a sum of other spans), `remote_agent`. */
  usageScope: "tokenledger.usage.scope",
  /** `reported`, `estimated` (counted by us), `partial` (the provider stopped before its final count). */
  usageSource: "tokenledger.usage.source",
  /** Names of subsets that exceed their total, comma separated; the counts are passed on as they are. */
  usageInconsistent: "tokenledger.usage.inconsistent",
  /** Kind and index of usage billed beside the call's own, e.g. `compaction/0`. */
  usageLine: "tokenledger.usage.line",
  /** The tier that served the call, as the provider spells it. */
  serviceTier: "tokenledger.service_tier",
  speed: "tokenledger.speed",
  inferenceGeo: "tokenledger.inference_geo",
  /** HTTP requests made for this call, retries included; absent where it cannot be seen. */
  requestAttempts: "tokenledger.request.attempts",
  /** The provider's id of the HTTP request, where a report knows the call by it. */
  requestId: "tokenledger.request.id",
  /** `completed`, `cancelled`, `failed`, `abandoned`. */
  callOutcome: "tokenledger.call.outcome",
  /** Names of the agents from the root to the one that made this span, JSON array of strings. */
  agentPath: "tokenledger.agent.path",
  agentRunId: "tokenledger.agent.run_id",
  agentParentRunId: "tokenledger.agent.parent_run_id",
  /** Place of the call in its agent's loop, from 1. */
  agentStep: "tokenledger.agent.step",
  handoffFrom: "tokenledger.handoff.from",
  /** Span id of the model call that asked for this tool. */
  toolCallOriginSpanId: "tokenledger.tool_call.origin_span_id",
  /** Ids of the tool calls that this model call asked for, JSON array of strings. */
  toolCallIds: "tokenledger.tool_call.ids",
  customerId: "tokenledger.customer.id",
  featureName: "tokenledger.feature.name",
  taskId: "tokenledger.task.id",
  taskOutcome: "tokenledger.task.outcome",
  /** Random id of the process, and this span's place among those it made, from 1: gaps are losses. */
  processId: "tokenledger.process.id",
  sequence: "tokenledger.sequence",

  /**
   * How the prompt was made, without its words. Lists run over the pieces of the prompt in the order in
   * which providers cache it. Fingerprints are keyed, 8 bytes each, least significant first, in base64.
   *
   * One letter a piece: s system, d tool definition, u user, a assistant, r tool result, c retrieved
   * context, m media, h older pieces merged, x billed and not recorded.
   */
  promptSegmentKinds: "tokenledger.prompt.segment.kinds",
  /** Estimated tokens a piece, comma separated: shares of the billed input, never a bill themselves. */
  promptSegmentTokens: "tokenledger.prompt.segment.tokens",
  /** Per cent of each piece that is brackets, quotes, tags and other structure, comma separated. */
  promptSegmentMarkup: "tokenledger.prompt.segment.markup",
  /** Of the piece itself, wherever it stands. */
  promptSegmentFingerprints: "tokenledger.prompt.segment.fingerprints",
  /** Of the prompt up to and including the piece. */
  promptPrefixFingerprints: "tokenledger.prompt.prefix.fingerprints",
  /** Tools of the pieces d and r, in order, JSON array of strings. */
  promptToolNames: "tokenledger.prompt.tool_names",
  /** Content-defined chunks of what is new since the model last spoke; of many, the 64 smallest. */
  promptChunks: "tokenledger.prompt.chunks",
  /** SimHash of what is new. */
  promptSimHash: "tokenledger.prompt.simhash",
  /** Per cent of the new retrieved context's three-word shingles that the answer repeats. */
  promptRetrievalUsed: "tokenledger.prompt.retrieval_used",
  /** The answer's pieces in the same way: fingerprints, chunks, estimated tokens, per cent of structure. */
  answerFingerprints: "tokenledger.answer.fingerprints",
  answerChunks: "tokenledger.answer.chunks",
  answerTokens: "tokenledger.answer.tokens",
  answerMarkup: "tokenledger.answer.markup",
  /** Tools that the answer asks for, JSON array of strings. */
  answerToolNames: "tokenledger.answer.tool_names",
} as const;

/** Any of these on a span makes it a gen_ai span, in whatever dialect its emitter speaks. */
export const dialectMarkers: readonly string[] = [
  "gen_ai.operation.name",
  "gen_ai.system",
  "gen_ai.provider.name",
  "gen_ai.request.model",
  "openinference.span.kind",
  "traceloop.span.kind",
  "llm.request.type",
  "ai.operationId",
];

/** Values of `tokenledger.call.outcome`. */
export type CallOutcome = "completed" | "cancelled" | "failed" | "abandoned";
/** Values of `tokenledger.usage.source`. */
export type UsageSource = "reported" | "estimated" | "partial";
/** Values of `tokenledger.usage.scope`. */
export type UsageScope = "call" | "aggregate" | "remote_agent";
