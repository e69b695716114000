import { SpanKind, trace } from "@opentelemetry/api";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

/**
 * The floor: the least a hand-written wrapper can do. It starts a span, sets the attributes that ours
 * sets, and ends it; a stream gets one generator around it. It breaks every helper of the SDK and
 * handles no error, which is what the difference to it pays for.
 */
export function installFloor(): void {
  const tracer = trace.getTracer("floor");
  wrap(OpenAI.Chat.Completions.prototype, tracer, openaiUsage);
  wrap(Anthropic.Messages.prototype, tracer, anthropicUsage);
}

interface Answer {
  id?: string;
  model?: string;
  service_tier?: string;
  usage?: Record<string, never>;
  choices?: { finish_reason: string }[];
  stop_reason?: string;
}
type Attributes = Record<string, string | number | string[] | boolean | undefined>;
type Create = (this: object, parameters: { model: string; stream?: boolean; max_tokens?: number }) => Promise<unknown>;

function wrap(
  prototype: object,
  tracer: ReturnType<typeof trace.getTracer>,
  usageOf: (answer: Answer) => Attributes,
): void {
  const holder = prototype as { create: Create };
  const { create } = holder;
  holder.create = async function (parameters) {
    const { model, stream, max_tokens: maxTokens } = parameters;
    const span = tracer.startSpan(`chat ${model}`, {
      kind: SpanKind.CLIENT,
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": model,
        "server.address": "127.0.0.1",
        "server.port": 9,
        "tokenledger.usage.scope": "call",
        ...(stream === true && { "gen_ai.request.stream": true }),
        ...(maxTokens !== undefined && { "gen_ai.request.max_tokens": maxTokens }),
      },
    });
    const result = await create.call(this, parameters);
    const finish = (answer: Answer): void => {
      span.setAttributes({
        "gen_ai.response.id": answer.id,
        "gen_ai.response.model": answer.model,
        "gen_ai.response.finish_reasons": answer.choices?.map((choice) => choice.finish_reason) ?? [
          answer.stop_reason ?? "stop",
        ],
        "tokenledger.usage.source": "reported",
        "tokenledger.call.outcome": "completed",
        "tokenledger.service_tier": answer.service_tier,
        "tokenledger.request.attempts": 1,
        ...usageOf(answer),
      });
      span.end();
    };
    if (stream !== true) {
      finish(result as Answer);
      return result;
    }
    return observed(result as AsyncIterable<Answer>, finish);
  };
}

async function* observed(stream: AsyncIterable<Answer>, finish: (answer: Answer) => void): AsyncGenerator<Answer> {
  const answer: Answer = {};
  for await (const chunk of stream) {
    if (chunk.usage) Object.assign(answer, { usage: chunk.usage });
    if (chunk.id !== undefined) answer.id = chunk.id;
    if (chunk.model !== undefined) answer.model = chunk.model;
    yield chunk;
  }
  finish(answer);
}

function openaiUsage({ usage }: Answer): Attributes {
  const reported = usage as unknown as OpenAI.CompletionUsage;
  return {
    "gen_ai.usage.input_tokens": reported.prompt_tokens,
    "gen_ai.usage.output_tokens": reported.completion_tokens,
    "gen_ai.usage.cache_read.input_tokens": reported.prompt_tokens_details?.cached_tokens,
    "gen_ai.usage.reasoning.output_tokens": reported.completion_tokens_details?.reasoning_tokens,
  };
}

function anthropicUsage({ usage }: Answer): Attributes {
  const reported = usage as unknown as Partial<Anthropic.Usage>;
  const [read, written] = [reported.cache_read_input_tokens ?? 0, reported.cache_creation_input_tokens ?? 0];
  return {
    "gen_ai.usage.input_tokens": (reported.input_tokens ?? 0) + read + written,
    "gen_ai.usage.output_tokens": reported.output_tokens,
    "gen_ai.usage.cache_read.input_tokens": read,
    "gen_ai.usage.cache_write.input_tokens": written,
    "gen_ai.usage.cache_creation.input_tokens": written,
    "tokenledger.usage.cache_write.5m.input_tokens": reported.cache_creation?.ephemeral_5m_input_tokens,
    "tokenledger.usage.cache_write.1h.input_tokens": reported.cache_creation?.ephemeral_1h_input_tokens,
  };
}
