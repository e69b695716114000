import { anthropicEvents, contentOf, usageOf } from "./anthropic-answer.ts";
import type { Dialect, Exchange } from "./dialect.ts";
import { textOf } from "./openai-shared.ts";
import { breakpointError } from "./prompt-cache.ts";
import { lastTurns, tokensOfAll, type CacheLifetime, type Prompt, type Segment, type Turn } from "./prompt.ts";
import type { Failure, ProviderApi } from "./script.ts";

interface MessagesBody {
  model: string;
  max_tokens?: number;
  system?: string | Block[];
  tools?: (Block & { name: string })[];
  messages: { role: string; content: string | Block[] }[];
  stream?: boolean;
  cache_control?: CacheControl | null;
}

interface Block {
  type?: string;
  text?: string;
  cache_control?: CacheControl | null;
  id?: string;
  name?: string;
  input?: unknown;
  content?: unknown;
  tool_use_id?: string;
  thinking?: string;
}

interface CacheControl {
  type: "ephemeral";
  ttl?: CacheLifetime;
}

/** `POST /v1/messages`. */
export const messages: Dialect = dialect("messages", (body) => {
  if (body.max_tokens === undefined) throw new Error("max_tokens: Field required");
});

/** `POST /v1/messages/count_tokens`: answered, never billed. */
export const countTokens: Dialect = dialect("count_tokens", () => {});

function dialect(api: ProviderApi, demand: (body: MessagesBody) => void): Dialect {
  return {
    provider: "anthropic",
    api,
    failure,
    failureEvent: () => ({ event: "error", data: JSON.stringify(failure({ status: 529 })), produced: 0 }),
    open(text): Exchange {
      const body: MessagesBody = JSON.parse(text);
      if (!body.model || !Array.isArray(body.messages)) throw new Error("model, messages: Field required");
      demand(body);
      const prompt = promptOf(body);
      const refusal = breakpointError(prompt.segments);
      if (refusal) throw new Error(refusal);
      return {
        body,
        model: body.model,
        stream: api === "messages" && (body.stream ?? false),
        prompt,
        serviceTier: "standard",
        complete: (reply) => (api === "messages" ? contentOf(reply) : { input_tokens: tokensOfAll(prompt.segments) }),
        events: (reply) => anthropicEvents(reply, usageOf(reply)),
      };
    },
  };
}

const FAILURE_TYPES: Record<number, string> = {
  400: "invalid_request_error",
  401: "authentication_error",
  404: "not_found_error",
  429: "rate_limit_error",
  529: "overloaded_error",
};

function failure({ status, type, message }: Failure, requestId: string | null = null): unknown {
  const name = type ?? FAILURE_TYPES[status] ?? "api_error";
  return { type: "error", error: { type: name, message: message ?? "Scripted failure" }, request_id: requestId };
}

/** Order of the provider's cache: tools, then system, then messages. */
function promptOf(body: MessagesBody): Prompt {
  const system = blocksOf(body.system ?? []);
  const segments: Segment[] = [
    ...(body.tools ?? []).map((tool) =>
      segment({ ...tool, text: JSON.stringify({ ...tool, cache_control: undefined }) }),
    ),
    ...system.map(segment),
    ...body.messages.flatMap((message) => blocksOf(message.content).map(segment)),
  ];
  const last = segments.at(-1);
  if (body.cache_control && last) {
    segments[segments.length - 1] = { text: last.text, writeFor: body.cache_control.ttl ?? "5m" };
  }
  return {
    segments,
    system: system.map((block) => block.text ?? "").join("\n"),
    tools: (body.tools ?? []).map((tool) => tool.name),
    ...lastTurns(turnsOf(body)),
  };
}

const blocksOf = (content: string | Block[]): Block[] =>
  typeof content === "string" ? [{ type: "text", text: content }] : content;

const segment = (block: Block): Segment => ({
  text: blockText(block),
  ...(block.cache_control && { writeFor: block.cache_control.ttl ?? "5m" }),
});

/** Ids are the double's own and change from run to run; they are left out so that counts do not. */
const blockText = ({ text, thinking, name, input, content }: Block): string =>
  text ?? thinking ?? `${name ?? ""}${input === undefined ? "" : JSON.stringify(input)}${textOf(content)}`;

function turnsOf(body: MessagesBody): Turn[] {
  const blocks = body.messages.flatMap((message) =>
    blocksOf(message.content).map((block) => ({ block, role: message.role })),
  );
  const names = new Map(blocks.map(({ block }) => [block.id, block.name]));
  return blocks.map(({ block, role }) => {
    if (block.type === "tool_result")
      return { from: "tool", text: textOf(block.content), tool: names.get(block.tool_use_id) };
    return { from: role === "user" ? "user" : "model", text: block.text ?? "" };
  });
}
