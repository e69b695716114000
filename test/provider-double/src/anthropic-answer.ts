import { piecesOf, toolCallTokens, type Reply, type StreamEvent } from "./dialect.ts";
import { tokensOf } from "./prompt.ts";

/** Usage as messages word it: `input_tokens` leaves out whatever was read from or written to the cache. */
export function usageOf({ usage, serviceTier }: Reply): object {
  const written = usage.cacheWrite5m + usage.cacheWrite1h;
  return {
    input_tokens: usage.input - usage.cacheRead - written,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWrite5m,
      ephemeral_1h_input_tokens: usage.cacheWrite1h,
    },
    output_tokens: usage.output,
    output_tokens_details: usage.reasoning > 0 ? { thinking_tokens: usage.reasoning } : null,
    service_tier: serviceTier,
    inference_geo: "not_available",
    server_tool_use: null,
    speed: null,
  };
}

/** A complete message. */
export function contentOf(reply: Reply): object {
  return {
    ...head(reply),
    content: blocksOf(reply).map((block) => block.whole),
    stop_reason: stopReason(reply),
    usage: usageOf(reply),
  };
}

const head = (reply: Reply): object => ({
  id: reply.id,
  type: "message",
  role: "assistant",
  model: reply.model,
  content: [],
  stop_reason: null,
  stop_sequence: null,
  stop_details: null,
  container: null,
});

const stopReason = (reply: Reply): string => (reply.toolCalls.length > 0 ? "tool_use" : "end_turn");

interface AnswerBlock {
  readonly whole: object;
  readonly empty: object;
  readonly deltas: readonly { readonly delta: object; readonly tokens: number }[];
}

function blocksOf(reply: Reply): AnswerBlock[] {
  const blocks: AnswerBlock[] = [];
  if (reply.usage.reasoning > 0) {
    const thinking = { type: "thinking", thinking: "", signature: "double" };
    const delta = { type: "signature_delta", signature: "double" };
    blocks.push({
      whole: thinking,
      empty: { ...thinking, signature: "" },
      deltas: [{ delta, tokens: reply.usage.reasoning }],
    });
  }
  if (reply.text) {
    blocks.push({
      whole: { type: "text", text: reply.text },
      empty: { type: "text", text: "" },
      deltas: piecesOf(reply.text).map((text) => ({ delta: { type: "text_delta", text }, tokens: tokensOf(text) })),
    });
  }
  for (const call of reply.toolCalls) {
    const use = {
      type: "tool_use",
      id: call.id.replace("call_", "toolu_"),
      name: call.name,
      caller: { type: "direct" },
    };
    blocks.push({
      whole: { ...use, input: JSON.parse(call.arguments) },
      empty: { ...use, input: {} },
      deltas: [{ delta: { type: "input_json_delta", partial_json: call.arguments }, tokens: toolCallTokens(call) }],
    });
  }
  return blocks;
}

/** Input counts open the stream with a placeholder for the output; `message_delta` has the final counts. */
export function anthropicEvents(reply: Reply, usage: object): StreamEvent[] {
  const sent: StreamEvent[] = [];
  let produced = 0;
  const emit = (type: string, fields: object = {}): void => {
    sent.push({ event: type, data: JSON.stringify({ type, ...fields }), produced });
  };
  emit("message_start", {
    message: { ...head(reply), usage: { ...usage, output_tokens: 1, output_tokens_details: null } },
  });
  emit("ping");
  blocksOf(reply).forEach(({ empty, deltas }, index) => {
    emit("content_block_start", { index, content_block: empty });
    for (const { delta, tokens } of deltas) {
      produced += tokens;
      emit("content_block_delta", { index, delta });
    }
    emit("content_block_stop", { index });
  });
  produced = reply.usage.output;
  emit("message_delta", {
    delta: { stop_reason: stopReason(reply), stop_sequence: null, container: null, stop_details: null },
    usage,
  });
  emit("message_stop");
  return sent;
}
