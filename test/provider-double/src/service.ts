import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { cloudRoute } from "./anthropic-clouds.ts";
import { countTokens, messages } from "./anthropic-messages.ts";
import { Bill } from "./bill.ts";
import { sendFailure, sendJson, sendStream, type StreamEnd } from "./delivery.ts";
import { toolCallsOf, toolCallTokens, type Dialect, type Exchange, type Reply } from "./dialect.ts";
import type { ProviderDoubleOptions, SeenRequest } from "./double.ts";
import { geminiRoute } from "./gemini.ts";
import { mistralRoutes } from "./mistral.ts";
import { chatCompletions } from "./openai-chat.ts";
import { completions } from "./openai-completions.ts";
import { embeddings } from "./openai-embeddings.ts";
import { responses } from "./openai-responses.ts";
import { AutomaticCache, BreakpointCache, type CacheUse } from "./prompt-cache.ts";
import { tokensOf, tokensOfAll } from "./prompt.ts";
import { answerTo, type Answer, type ProviderApi, type ProviderCall, type Script } from "./script.ts";
import { withOutput, type TrueUsage } from "./usage.ts";

/** Answers requests, simulates the caches and keeps the bill; knows nothing of the server it runs in. */
export class Service {
  readonly bill: Bill;
  readonly requests: SeenRequest[] = [];
  #script: Script;
  readonly #breakpoints: BreakpointCache;
  readonly #automatic: AutomaticCache;
  readonly #routes: Readonly<Record<string, Dialect>> = {
    ...mistralRoutes,
    "/v1/chat/completions": chatCompletions,
    "/v1/responses": responses(),
    "/v1/embeddings": embeddings,
    "/v1/completions": completions,
    "/v1/messages": messages,
    "/v1/messages/count_tokens": countTokens,
  };
  /** Response ids must differ between doubles, as they do between runs of a program at a provider. */
  readonly #run = randomBytes(6).toString("hex");
  #replies = 0;

  constructor(options: ProviderDoubleOptions) {
    const now = options.now ?? Date.now;
    this.bill = new Bill(options.bill);
    this.#script = options.script ?? [];
    this.#breakpoints = new BreakpointCache(now);
    this.#automatic = new AutomaticCache(now);
  }

  play(script: Script): void {
    this.#script = script;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://double").pathname;
    const text = await bodyOf(request);
    if (request.method === "GET" && path === "/bill") return sendJson(response, this.bill.lines());
    if (request.method === "GET" && path === "/requests") return sendJson(response, this.requests);
    const dialect = this.#routes[path] ?? cloudRoute(path) ?? geminiRoute(path);
    const requestId = `req_${randomUUID().replaceAll("-", "")}`;
    response.setHeader("x-request-id", requestId).setHeader("request-id", requestId);
    if (!dialect) return sendFailure(response, { status: 404 }, { error: { message: `No such path: ${path}` } });
    let exchange: Exchange;
    try {
      exchange = dialect.open(text);
    } catch (error) {
      const failure = { status: 400, type: "invalid_request_error", message: String(error) };
      return sendFailure(response, failure, dialect.failure(failure, requestId));
    }
    await this.#answer({ dialect, exchange, requestId, path }, request, response);
  }

  async #answer(asked: Asked, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { dialect, exchange, requestId } = asked;
    const call = callOf(dialect.api, exchange, request);
    const answer = answerTo(call, this.#script);
    this.requests.push({
      ...call,
      provider: dialect.provider,
      path: asked.path,
      status: answer.failure?.status ?? 200,
    });
    if (answer.delayMs) await new Promise((resolve) => setTimeout(resolve, answer.delayMs));
    if (answer.failure) {
      return sendFailure(response, answer.failure, dialect.failure(answer.failure, requestId));
    }
    const reply = this.#reply(dialect, exchange, answer);
    if (exchange.stream) {
      const events = exchange.events(reply);
      return sendStream(response, events, {
        ...(answer.interruption && { interruption: answer.interruption }),
        eventDelayMs: answer.eventDelayMs ?? 0,
        failureEvent: dialect.failureEvent(),
        onEnd: (end) => this.#charge(asked, reply, end),
      });
    }
    if (dialect.api !== "count_tokens")
      this.#charge(asked, reply, { outcome: "completed", produced: reply.usage.output });
    sendJson(response, exchange.complete(reply));
  }

  #reply(dialect: Dialect, exchange: Exchange, answer: Answer): Reply {
    this.#replies += 1;
    const suffix = `${this.#run}${String(this.#replies).padStart(6, "0")}`;
    const toolCalls = toolCallsOf(answer, suffix);
    const text = answer.text ?? (toolCalls.length > 0 ? "" : "Done.");
    const speaks = dialect.api !== "embeddings" && dialect.api !== "count_tokens";
    const spoken = tokensOf(text) + toolCalls.reduce((total, call) => total + toolCallTokens(call), 0);
    const cache = this.#cacheUse(dialect, exchange);
    const usage: TrueUsage = {
      input: tokensOfAll(exchange.prompt.segments),
      cacheRead: cache.read,
      cacheWrite5m: cache.write5m,
      cacheWrite1h: cache.write1h,
      output: speaks ? spoken + (answer.reasoning ?? 0) : 0,
      reasoning: speaks ? (answer.reasoning ?? 0) : 0,
      ...answer.usage,
    };
    return {
      id: `${ID_PREFIXES[dialect.api]}${suffix}`,
      created: Math.floor(Date.now() / 1000),
      model: answer.model ?? exchange.model,
      text,
      toolCalls,
      usage,
      serviceTier: answer.serviceTier ?? exchange.serviceTier,
    };
  }

  #cacheUse({ provider, api }: Dialect, { model, prompt, cacheKey }: Exchange): CacheUse {
    if (api === "messages") return this.#breakpoints.use(model, prompt.segments);
    const cached = api === "chat" || api === "responses";
    const read = cached ? this.#automatic.use(`${provider}/${model}/${cacheKey ?? ""}`, prompt.segments) : 0;
    return { read, write5m: 0, write1h: 0 };
  }

  #charge({ dialect, exchange, requestId }: Asked, reply: Reply, end: StreamEnd): void {
    this.bill.add({
      provider: dialect.provider,
      api: dialect.api,
      model: reply.model,
      responseId: dialect.api === "embeddings" && dialect.provider === "openai" ? undefined : reply.id,
      requestId,
      serviceTier: reply.serviceTier,
      stream: exchange.stream,
      outcome: end.outcome,
      ...withOutput(reply.usage, end.produced),
    });
  }
}

interface Asked {
  readonly dialect: Dialect;
  readonly exchange: Exchange;
  readonly requestId: string;
  readonly path: string;
}

const ID_PREFIXES: Record<ProviderApi, string> = {
  chat: "chatcmpl-",
  responses: "resp_",
  embeddings: "emb-",
  completions: "cmpl-",
  conversations: "conv_",
  messages: "msg_",
  generate_content: "gen_",
  count_tokens: "count_",
};

function callOf(api: ProviderApi, exchange: Exchange, request: IncomingMessage): ProviderCall {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );
  const { body, model, stream, prompt } = exchange;
  return { api, body, model, stream, prompt, headers, attempt: Number(headers["x-stainless-retry-count"] ?? 0) };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
