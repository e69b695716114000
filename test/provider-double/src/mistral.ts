import type { Dialect, Exchange, Reply, StreamEvent } from "./dialect.ts";
import { chatCompletions } from "./openai-chat.ts";
import { embeddings as openaiEmbeddings } from "./openai-embeddings.ts";

const provider = "mistral_ai";

/** Every agent of the double's runs on this model. */
const AGENT_MODEL = "mistral-large-latest";

/** `POST /v1/chat/completions` at Mistral: OpenAI's shapes, and streams say what they used without being asked. */
const chat: Dialect = { ...chatCompletions, provider, open: (text) => openChat(JSON.parse(text)) };

/** `POST /v1/agents/completions`: a chat that names an agent instead of a model. */
const agents: Dialect = { ...chat, open: (text) => openChat({ ...JSON.parse(text), model: AGENT_MODEL }) };

/** `POST /v1/conversations`: an agent's answer as entries; the model is named by the entries alone. */
const conversations: Dialect = {
  ...chat,
  api: "conversations",
  open(text): Exchange {
    const { inputs, agent_id: agent }: { inputs: string; agent_id?: string } = JSON.parse(text);
    const exchange = openChat({ model: AGENT_MODEL, messages: [{ role: "user", content: inputs }] });
    return {
      ...exchange,
      stream: false,
      complete: (reply) => conversation(reply, agent),
      events: (): StreamEvent[] => [],
    };
  },
};

/** `POST /v1/embeddings` at Mistral: the answer has an id. */
const embeddings: Dialect = {
  ...openaiEmbeddings,
  provider,
  open(text): Exchange {
    const exchange = openaiEmbeddings.open(text);
    return { ...exchange, complete: (reply) => Object.assign({ id: reply.id }, exchange.complete(reply)) };
  },
};

export const mistralRoutes: Readonly<Record<string, Dialect>> = {
  "/mistral/v1/chat/completions": chat,
  "/mistral/v1/agents/completions": agents,
  "/mistral/v1/conversations": conversations,
  "/mistral/v1/embeddings": embeddings,
};

function openChat(body: object): Exchange {
  const exchange = chatCompletions.open(JSON.stringify({ ...body, stream_options: { include_usage: true } }));
  return { ...exchange, events: (reply) => withUsageInLastChunk(exchange.events(reply)) };
}

/** OpenAI's chunks, with the usage in the one that finishes, and none before. */
function withUsageInLastChunk(events: readonly StreamEvent[]): StreamEvent[] {
  const [finish, usage, done] = events.slice(-3);
  if (finish === undefined || usage === undefined || done === undefined) return [...events];
  const chunks = [...events.slice(0, -3).map(withoutUsage), { ...usage, data: joined(finish.data, usage.data) }];
  return [...chunks, done];
}

const withoutUsage = (event: StreamEvent): StreamEvent => ({ ...event, data: event.data.replace(',"usage":null', "") });

const joined = (finish: string, usage: string): string =>
  JSON.stringify({ ...JSON.parse(finish), usage: JSON.parse(usage).usage });

function conversation(reply: Reply, agent: string | undefined): object {
  const at = new Date(reply.created * 1_000).toISOString();
  const suffix = reply.id.replace(/^conv_/, "");
  const message = {
    object: "entry",
    type: "message.output",
    id: `msg_${suffix}`,
    created_at: at,
    completed_at: at,
    agent_id: agent ?? null,
    model: reply.model,
    role: "assistant",
    content: reply.text,
  };
  const { input, output } = reply.usage;
  const usage = {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    connector_tokens: null,
  };
  return { object: "conversation.response", conversation_id: reply.id, outputs: [message], usage };
}
