import { piecesOf, toolCallTokens, type Reply, type StreamEvent } from "./dialect.ts";
import { tokensOf } from "./prompt.ts";

type Emit = (type: string, fields: object, tokens?: number) => void;

/** The events of a streamed response. Usage is in the last one. */
export function responseEvents(
  reply: Reply,
  output: readonly object[],
  snapshot: (output: object[] | undefined) => object,
): StreamEvent[] {
  const sent: StreamEvent[] = [];
  let produced = 0;
  const emit: Emit = (type, fields, tokens = 0) => {
    produced += tokens;
    sent.push({ event: type, data: JSON.stringify({ type, sequence_number: sent.length, ...fields }), produced });
  };
  emit("response.created", { response: snapshot(undefined) });
  emit("response.in_progress", { response: snapshot(undefined) });
  output.forEach((item, index) => emitItem(emit, reply, item, index));
  produced = reply.usage.output;
  emit("response.completed", { response: snapshot([...output]) });
  return sent;
}

function emitItem(emit: Emit, reply: Reply, item: object, index: number): void {
  const type = "type" in item ? item.type : undefined;
  const id = "id" in item ? item.id : undefined;
  const place = { item_id: id, output_index: index };
  if (type === "message") {
    emitMessage(emit, reply.text, item, place);
  } else if (type === "function_call") {
    const call = reply.toolCalls.find((candidate) => "call_id" in item && candidate.id === item.call_id);
    if (!call) return;
    emit("response.output_item.added", {
      output_index: index,
      item: { ...item, arguments: "", status: "in_progress" },
    });
    emit("response.function_call_arguments.delta", { ...place, delta: call.arguments }, toolCallTokens(call));
    emit("response.function_call_arguments.done", { ...place, name: call.name, arguments: call.arguments });
  } else {
    emit("response.output_item.added", { output_index: index, item }, reply.usage.reasoning);
  }
  emit("response.output_item.done", { output_index: index, item });
}

function emitMessage(emit: Emit, text: string, item: object, place: { item_id: unknown; output_index: number }): void {
  const part = { type: "output_text", text: "", annotations: [], logprobs: [] };
  const where = { ...place, content_index: 0 };
  emit("response.output_item.added", {
    output_index: place.output_index,
    item: { ...item, content: [], status: "in_progress" },
  });
  emit("response.content_part.added", { ...where, part });
  for (const delta of piecesOf(text)) {
    emit("response.output_text.delta", { ...where, delta, logprobs: [] }, tokensOf(delta));
  }
  emit("response.output_text.done", { ...where, text, logprobs: [] });
  emit("response.content_part.done", { ...where, part: { ...part, text } });
}
