import { createRequire } from "node:module";
import type Anthropic from "@anthropic-ai/sdk";
import type OpenAI from "openai";
import type { Interaction } from "./interaction.ts";

/** Makes one recorded call through the real SDK; `send` takes its HTTP requests. */
export type Drive = (interaction: Interaction, send: typeof fetch) => PromiseLike<unknown>;

/** How to replay a provider's recordings, by endpoint. What is not listed is not covered yet. */
export type Driver = Readonly<Record<string, Drive>>;

/** A recorded body is for the SDK to understand, not for the compiler. */
type Call<Client> = (client: Client, body: never) => PromiseLike<unknown>;

// Loaded when first used, after the instrumentations are in place.
const load = createRequire(import.meta.url);

const openai = (path: string, call: Call<OpenAI>): Drive => {
  return (interaction, send) => {
    const sdk = load("openai") as typeof import("openai");
    const url = new URL(interaction.request?.url ?? `https://api.openai.com/v1${path}`);
    const options = {
      apiKey: "none",
      baseURL: url.origin + url.pathname.slice(0, -path.length),
      fetch: send,
      maxRetries: 0,
    };
    // Azure's dated API is spoken by a class of its own.
    const apiVersion = url.searchParams.get("api-version");
    const client = apiVersion ? new sdk.AzureOpenAI({ ...options, apiVersion }) : new sdk.OpenAI(options);
    return call(client, bodyOf(interaction));
  };
};

const anthropic = (call: Call<Anthropic>, beta: Call<Anthropic>): Drive => {
  return (interaction, send) => {
    const { default: Client } = load("@anthropic-ai/sdk") as typeof import("@anthropic-ai/sdk");
    const url = new URL(interaction.request?.url ?? "https://api.anthropic.com/v1/messages");
    // With its default timeout the SDK refuses to wait for long answers that are not streamed.
    const client = new Client({ apiKey: "none", baseURL: url.origin, fetch: send, maxRetries: 0, timeout: 60_000 });
    return (url.searchParams.get("beta") === "true" ? beta : call)(client, bodyOf(interaction));
  };
};

const openaiChat: Driver = {
  "chat.completions": openai("/chat/completions", (client, body) => client.chat.completions.create(body)),
  completions: openai("/completions", (client, body) => client.completions.create(body)),
  embeddings: openai("/embeddings", (client, body) => client.embeddings.create(body)),
};

const openaiResponses: Driver = {
  responses: openai("/responses", (client, body) => client.responses.create(body)),
  "responses.compact": openai("/responses/compact", (client, body) => client.responses.compact(body)),
  "responses.count_tokens": openai("/responses/input_tokens", (client, body) =>
    client.responses.inputTokens.count(body),
  ),
};

const messages: Driver = {
  messages: anthropic(
    (client, body) => client.messages.create(body),
    (client, body) => client.beta.messages.create(body),
  ),
  "messages.count_tokens": anthropic(
    (client, body) => client.messages.countTokens(body),
    (client, body) => client.beta.messages.countTokens(body),
  ),
};

const openaiShaped: Driver = { ...openaiChat, ...openaiResponses };

/** A new provider is a row here. Those without an SDK of their own are called through OpenAI's. */
export const drivers: Readonly<Record<string, Driver>> = {
  openai: openaiShaped,
  "azure-openai": openaiShaped,
  anthropic: messages,
  alibaba: openaiShaped,
  "bedrock-mantle": openaiShaped,
  cerebras: openaiShaped,
  deepseek: openaiShaped,
  groq: openaiShaped,
  huggingface: openaiShaped,
  lmstudio: openaiShaped,
  "local-openai-compatible": openaiShaped,
  mistral: openaiShaped,
  perplexity: openaiShaped,
  "snowflake-cortex": openaiShaped,
  together: openaiShaped,
  voyage: openaiShaped,
  writer: openaiShaped,
  xai: openaiShaped,
  zai: openaiShaped,
};

/** The recorded body, or where only the answer was recorded one that suits every endpoint. */
function bodyOf({ request, model, streaming }: Interaction): never {
  const standIn = { model: model ?? "unknown", stream: streaming, messages: [], input: "", prompt: "", max_tokens: 1 };
  return (request?.body ?? standIn) as never;
}
