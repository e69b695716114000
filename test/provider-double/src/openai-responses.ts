import type { Dialect, Exchange, Reply } from "./dialect.ts";
import { openaiFailure, openaiTier, textOf } from "./openai-shared.ts";
import { responseEvents } from "./openai-response-events.ts";
import { lastTurns, type Prompt, type Turn } from "./prompt.ts";
import type { TrueUsage } from "./usage.ts";

interface ResponsesBody {
  model: string;
  input?: string | InputItem[];
  instructions?: string | null;
  tools?: { name?: string; type: string }[];
  stream?: boolean | null;
  service_tier?: string | null;
  prompt_cache_key?: string;
  previous_response_id?: string | null;
}

interface InputItem {
  type?: string;
  id?: string;
  role?: string;
  content?: unknown;
  name?: string;
  call_id?: string;
  output?: unknown;
}

/** `POST /v1/responses`, with the conversations that `previous_response_id` continues and the items that inputs refer to. */
export function responses(): Dialect {
  const conversations = new Map<string, InputItem[]>();
  const stored = new Map<string | undefined, InputItem>();
  return {
    provider: "openai",
    api: "responses",
    failure: openaiFailure,
    failureEvent: () => ({
      event: "error",
      data: JSON.stringify({ type: "error", code: "server_error", message: "Scripted failure", param: null }),
      produced: 0,
    }),
    open(text): Exchange {
      const body: ResponsesBody = JSON.parse(text);
      if (!body.model) throw new Error("'model' is required");
      const given = itemsOf(body.input).map((item) =>
        item.type === "item_reference" ? (stored.get(item.id) ?? item) : item,
      );
      const items = [...(conversations.get(body.previous_response_id ?? "") ?? []), ...given];
      const remembered = (reply: Reply): object[] => {
        const output = outputItems(reply);
        for (const item of output) stored.set(item.id, item);
        conversations.set(reply.id, [...items, ...output]);
        return output;
      };
      return {
        body,
        model: body.model,
        stream: body.stream ?? false,
        prompt: promptOf(body, items),
        serviceTier: openaiTier(body.service_tier),
        ...(body.prompt_cache_key && { cacheKey: body.prompt_cache_key }),
        complete: (reply) => responseObject(reply, body, remembered(reply)),
        events: (reply) => responseEvents(reply, remembered(reply), (output) => responseObject(reply, body, output)),
      };
    },
  };
}

const itemsOf = (input: ResponsesBody["input"]): InputItem[] =>
  typeof input === "string" ? [{ role: "user", content: input }] : (input ?? []);

function promptOf(body: ResponsesBody, items: readonly InputItem[]): Prompt {
  const system = [
    body.instructions ?? "",
    ...items.filter((item) => isSystem(item)).map((item) => textOf(item.content)),
  ];
  const segments = [
    ...(body.tools?.length ? [{ text: JSON.stringify(body.tools) }] : []),
    ...(body.instructions ? [{ text: body.instructions }] : []),
    ...items.map((item) => ({ text: item.role ? item.role + textOf(item.content) : itemText(item) })),
  ];
  const tools = (body.tools ?? []).map((tool) => tool.name ?? tool.type);
  return { segments, system: system.join("\n"), tools, ...lastTurns(turnsOf(items)) };
}

/** Ids are the double's own and change from run to run; they are left out so that counts do not. */
const itemText = ({ type, name, output, content }: InputItem): string =>
  `${type ?? ""}${name ?? ""}${textOf(content)}${textOf(output)}`;

const isSystem = (item: InputItem): boolean => item.role === "system" || item.role === "developer";

function turnsOf(items: readonly InputItem[]): Turn[] {
  const names = new Map(items.filter((item) => item.type === "function_call").map((item) => [item.call_id, item.name]));
  return items
    .filter((item) => !isSystem(item) && item.type !== "reasoning")
    .map((item) => {
      if (item.type === "function_call_output") {
        return { from: "tool", text: textOf(item.output), tool: names.get(item.call_id) };
      }
      return { from: item.role === "user" ? "user" : "model", text: textOf(item.content) };
    });
}

/** What the model produced, as items of the conversation: reasoning, message, function calls. */
function outputItems(reply: Reply): (InputItem & { id: string })[] {
  const suffix = reply.id.replace("resp_", "");
  const reasoning = { id: `rs_${suffix}`, type: "reasoning", summary: [] };
  const message = {
    id: `msg_${suffix}`,
    type: "message",
    role: "assistant",
    status: "completed",
    content: [{ type: "output_text", text: reply.text, annotations: [], logprobs: [] }],
  };
  const calls = reply.toolCalls.map((call, index) => ({
    id: `fc_${suffix}_${index}`,
    type: "function_call",
    call_id: call.id,
    name: call.name,
    arguments: call.arguments,
    status: "completed",
  }));
  return [...(reply.usage.reasoning > 0 ? [reasoning] : []), ...(reply.text ? [message] : []), ...calls];
}

/** Usage as responses word it: cached tokens are part of the input, reasoning of the output. */
const usageOf = (usage: TrueUsage): object => ({
  input_tokens: usage.input,
  input_tokens_details: { cached_tokens: usage.cacheRead, cache_write_tokens: 0 },
  output_tokens: usage.output,
  output_tokens_details: { reasoning_tokens: usage.reasoning },
  total_tokens: usage.input + usage.output,
});

/** The response object; without output it is the one that opens a stream. */
function responseObject(reply: Reply, body: ResponsesBody, output: object[] | undefined): object {
  return {
    id: reply.id,
    object: "response",
    created_at: reply.created,
    status: output ? "completed" : "in_progress",
    background: false,
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    metadata: {},
    model: reply.model,
    output: output ?? [],
    parallel_tool_calls: true,
    previous_response_id: body.previous_response_id ?? null,
    service_tier: output ? reply.serviceTier : (body.service_tier ?? "auto"),
    temperature: 1,
    text: { format: { type: "text" } },
    tool_choice: "auto",
    tools: body.tools ?? [],
    top_p: 1,
    truncation: "disabled",
    usage: output ? usageOf(reply.usage) : null,
  };
}
