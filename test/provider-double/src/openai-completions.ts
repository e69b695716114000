import { piecesOf, type Dialect, type Exchange, type Reply, type StreamEvent } from "./dialect.ts";
import { openaiFailure, openaiFailureEvent } from "./openai-shared.ts";
import { tokensOf } from "./prompt.ts";

interface CompletionsBody {
  model: string;
  prompt: string | string[];
  stream?: boolean | null;
  stream_options?: { include_usage?: boolean } | null;
}

/** `POST /v1/completions`, the legacy text completions. */
export const completions: Dialect = {
  provider: "openai",
  api: "completions",
  failure: openaiFailure,
  failureEvent: openaiFailureEvent,
  open(text): Exchange {
    const body: CompletionsBody = JSON.parse(text);
    if (!body.model) throw new Error("'model' is required");
    const prompt = [body.prompt].flat().join("\n");
    return {
      body,
      model: body.model,
      stream: body.stream ?? false,
      prompt: { segments: [{ text: prompt }], system: "", lastUser: prompt, lastTool: undefined, round: 0, tools: [] },
      serviceTier: "default",
      complete: (reply) => ({ ...chunk(reply, reply.text, "stop"), usage: usageOf(reply) }),
      events: (reply) => events(reply, body.stream_options?.include_usage ?? false),
    };
  },
};

const chunk = (reply: Reply, text: string, finish: string | null): object => ({
  id: reply.id,
  object: "text_completion",
  created: reply.created,
  model: reply.model,
  choices: [{ index: 0, text, logprobs: null, finish_reason: finish }],
});

const usageOf = ({ usage }: Reply): object => ({
  prompt_tokens: usage.input,
  completion_tokens: usage.output,
  total_tokens: usage.input + usage.output,
});

function events(reply: Reply, includeUsage: boolean): StreamEvent[] {
  let produced = 0;
  const pieces = piecesOf(reply.text).map((text) => {
    produced += tokensOf(text);
    return { data: JSON.stringify(chunk(reply, text, null)), produced };
  });
  const last = { ...chunk(reply, "", null), choices: [], usage: usageOf(reply) };
  return [
    ...pieces,
    { data: JSON.stringify(chunk(reply, "", "stop")), produced },
    ...(includeUsage ? [{ data: JSON.stringify(last), produced }] : []),
    { data: "[DONE]", produced: reply.usage.output },
  ];
}
