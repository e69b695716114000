import { Buffer } from "node:buffer";
import type { Dialect, Exchange, Reply } from "./dialect.ts";
import { openaiFailure, openaiFailureEvent } from "./openai-shared.ts";

interface EmbeddingsBody {
  model: string;
  input: string | string[] | number[] | number[][];
  encoding_format?: "float" | "base64";
}

const DIMENSIONS = 8;

/** `POST /v1/embeddings`. The SDK asks for base64 and decodes it. */
export const embeddings: Dialect = {
  provider: "openai",
  api: "embeddings",
  failure: openaiFailure,
  failureEvent: openaiFailureEvent,
  open(text): Exchange {
    const body: EmbeddingsBody = JSON.parse(text);
    if (!body.model || body.input === undefined) throw new Error("'model' and 'input' are required");
    const inputs = inputTexts(body.input);
    return {
      body,
      model: body.model,
      stream: false,
      prompt: {
        segments: inputs.map((input) => ({ text: input })),
        system: "",
        lastUser: inputs.at(-1) ?? "",
        lastTool: undefined,
        round: 0,
        tools: [],
      },
      serviceTier: "default",
      complete: (reply) => complete(reply, body, inputs.length),
      events: () => [],
    };
  },
};

/** Token arrays count one token each, which is four characters here. */
function inputTexts(input: EmbeddingsBody["input"]): string[] {
  if (typeof input === "string") return [input];
  if (input.every((one) => typeof one === "number")) return ["0000".repeat(input.length)];
  return input.map((one) => (typeof one === "string" ? one : "0000".repeat(Array.isArray(one) ? one.length : 1)));
}

function complete(reply: Reply, body: EmbeddingsBody, count: number): unknown {
  const vector = Float32Array.from({ length: DIMENSIONS }, (_, index) => index / DIMENSIONS);
  const embedding =
    body.encoding_format === "base64" ? Buffer.from(vector.buffer).toString("base64") : Array.from(vector);
  return {
    object: "list",
    model: reply.model,
    data: Array.from({ length: count }, (_, index) => ({ object: "embedding", index, embedding })),
    usage: { prompt_tokens: reply.usage.input, total_tokens: reply.usage.input },
  };
}
