import { defineOperation, type Operation } from "@tokenledger/core";
import type { CreateEmbeddingResponse, EmbeddingCreateParams } from "openai/resources/embeddings";
import { textPart } from "./chat-content.ts";
import { providerOf } from "./provider.ts";

/** Embeddings bill their input; what they return is vectors, no tokens. */
export const embeddings: Operation = defineOperation<
  [params: EmbeddingCreateParams, ...rest: unknown[]],
  CreateEmbeddingResponse
>({
  target: "OpenAI.Embeddings.prototype.create",
  name: "embeddings",
  request: ([params], client) => ({
    provider: providerOf(client),
    model: params.model,
    encodingFormats: params.encoding_format ? [params.encoding_format] : undefined,
    content: () => ({ inputMessages: [{ role: "user", parts: texts(params).map(textPart) }] }),
  }),
  response: ({ model, usage }) => ({
    model,
    // Some compatible servers report the total alone, or nothing.
    usage: usage && { input: { total: usage.prompt_tokens ?? usage.total_tokens }, output: { total: 0 } },
  }),
});

/** Input may also come as token numbers, which no tokenizer needs to read. */
const texts = ({ input }: EmbeddingCreateParams): string[] => [input].flat().filter((one) => typeof one === "string");
