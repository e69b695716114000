import { defineOperation, type Operation, type ResponseFacts } from "@tokenledger/core";
import type { Completion, CompletionCreateParams } from "openai/resources/completions";
import { askForUsage } from "./ask.ts";
import { textPart } from "./chat-content.ts";
import { providerOf } from "./provider.ts";
import { completionUsage } from "./usage.ts";

/** Facts of a stream in progress, with one text a choice. */
interface CompletionFacts extends ResponseFacts {
  texts?: string[];
}

/** Legacy completions. A stream's chunks are partial `Completion`s. */
export const completions: Operation = defineOperation<
  [params: CompletionCreateParams, ...rest: unknown[]],
  Completion,
  Completion,
  CompletionFacts
>({
  target: "OpenAI.Completions.prototype.create",
  name: "text_completion",
  request: ([params], client) => ({
    provider: providerOf(client),
    model: params.model,
    stream: params.stream ?? undefined,
    maxTokens: params.max_tokens ?? undefined,
    temperature: params.temperature ?? undefined,
    topP: params.top_p ?? undefined,
    seed: params.seed ?? undefined,
    choiceCount: params.n ?? undefined,
    frequencyPenalty: params.frequency_penalty ?? undefined,
    presencePenalty: params.presence_penalty ?? undefined,
    stopSequences: typeof params.stop === "string" ? [params.stop] : (params.stop ?? undefined),
    content: () => ({ inputMessages: prompts(params).map((text) => ({ role: "user", parts: [textPart(text)] })) }),
  }),
  response: (result) => ({
    id: result.id,
    model: result.model,
    finishReasons: result.choices?.map((choice) => choice.finish_reason),
    usage: completionUsage(result.usage),
    ...said(result.choices?.map((choice) => choice.text) ?? []),
  }),
  fold(facts, chunk) {
    facts.id ||= chunk.id;
    facts.model ||= chunk.model;
    const texts = (facts.texts ??= begin(facts));
    for (const choice of chunk.choices ?? []) {
      // Null until the choice ends, whatever the type says.
      if (choice.finish_reason) (facts.finishReasons ??= [])[choice.index] = choice.finish_reason;
      texts[choice.index] = (texts[choice.index] ?? "") + choice.text;
    }
    if (chunk.usage) facts.usage = completionUsage(chunk.usage);
  },
  ask: askForUsage,
});

/** Prompts may also come as token numbers, which no tokenizer needs to read. */
function prompts({ prompt }: CompletionCreateParams): string[] {
  if (typeof prompt === "string") return [prompt];
  return (prompt ?? []).filter((one) => typeof one === "string");
}

function begin(facts: CompletionFacts): string[] {
  const texts: string[] = [];
  Object.assign(facts, said(texts));
  return texts;
}

const said = (texts: string[]): Required<Pick<ResponseFacts, "content">> => ({
  content: () => ({ outputMessages: texts.map((text) => ({ role: "assistant", parts: [textPart(text)] })) }),
});
