import { defineOperation, type ObserveTool, type Operation } from "@tokenledger/core";
import type { BatchCreateParams, BetaMessageBatch } from "@anthropic-ai/sdk/resources/beta/messages/batches";
import type {
  BetaMessage,
  BetaMessageTokensCount,
  BetaRawMessageStreamEvent,
  MessageCountTokensParams,
} from "@anthropic-ai/sdk/resources/beta/messages/messages";
import type { BetaToolRunner, BetaToolRunnerParams } from "@anthropic-ai/sdk/lib/tools/BetaToolRunner";
import { failureFacts, requestFacts, responseFacts, type CreateArguments } from "./facts.ts";
import { providerOf } from "./provider.ts";
import { foldEvent, type StreamFacts } from "./stream.ts";

/** `stream()`, `parse()` and `toolRunner()` all make their calls here. */
const create = (target: string): Operation =>
  defineOperation<CreateArguments, BetaMessage, BetaRawMessageStreamEvent, StreamFacts>({
    target,
    name: "chat",
    request: (args, client) => ({ ...requestFacts(args), provider: providerOf(client) }),
    response: responseFacts,
    fold: foldEvent,
    failure: failureFacts,
  });

const countTokens = (target: string): Operation =>
  defineOperation<readonly [parameters: MessageCountTokensParams], BetaMessageTokensCount>({
    target,
    name: "count_tokens",
    billed: false,
    request: ([{ model }], client) => ({ model, provider: providerOf(client) }),
    response: () => ({}),
  });

/** A batch is billed as its messages are made, up to a day after it was created. */
const createBatch = (target: string): Operation =>
  defineOperation<readonly [parameters: BatchCreateParams], BetaMessageBatch>({
    target,
    name: "chat",
    billed: false,
    request: ([{ requests }], client) => ({ model: requests[0]?.params.model, provider: providerOf(client) }),
    response: ({ id }) => ({ id }),
  });

/** Text completions, which SDK 1.0 dropped: they report no usage. */
interface Completion {
  readonly id: string;
  readonly model: string;
  readonly stop_reason: string | null;
}
interface CompletionParameters {
  readonly model: string;
  readonly max_tokens_to_sample: number;
  readonly stream?: boolean;
  readonly temperature?: number;
  readonly top_p?: number;
  readonly top_k?: number;
  readonly stop_sequences?: string[];
}

const complete: Operation = defineOperation<readonly [parameters: CompletionParameters], Completion, Completion>({
  target: "Anthropic.Completions.prototype.create",
  name: "text_completion",
  request: ([parameters], client) => ({
    provider: providerOf(client),
    model: parameters.model,
    stream: parameters.stream,
    maxTokens: parameters.max_tokens_to_sample,
    temperature: parameters.temperature,
    topP: parameters.top_p,
    topK: parameters.top_k,
    stopSequences: parameters.stop_sequences,
  }),
  response: completionFacts,
  fold: (facts, chunk) => Object.assign(facts, completionFacts(chunk)),
});

function completionFacts({ id, model, stop_reason }: Completion): {
  id: string;
  model: string;
  finishReasons?: string[];
} {
  return { id, model, ...(stop_reason !== null && { finishReasons: [stop_reason] }) };
}

type RunnableTool = BetaToolRunnerParams["tools"][number];

/** The loop over `create` and the user's tools: structure, whose calls are billed each by itself. */
const runTools: Operation = defineOperation<
  readonly [parameters: BetaToolRunnerParams, options?: unknown],
  BetaToolRunner<boolean>,
  unknown
>({
  target: "Anthropic.Beta.Messages.prototype.toolRunner",
  name: "invoke_agent",
  billed: false,
  request: ([{ model }], client) => ({ model, provider: providerOf(client) }),
  response: () => ({}),
  stream: (runner) => runner,
  tools: ([parameters, ...rest], observe) => [
    { ...parameters, tools: parameters.tools.map((tool) => observed(tool, observe)) },
    ...rest,
  ],
});

/** A copy of the tool, marks and methods included, whose `run` is observed; `run` keeps its own `this`. */
function observed(tool: RunnableTool, observe: ObserveTool): RunnableTool {
  if (!("run" in tool) || !("name" in tool)) return tool;
  const run = observe(tool.name, tool.run.bind(tool));
  return Object.create(Object.getPrototypeOf(tool), {
    ...Object.getOwnPropertyDescriptors(tool),
    run: { value: run, enumerable: true, configurable: true, writable: true },
  });
}

export const operations: readonly Operation[] = [
  create("Anthropic.Messages.prototype.create"),
  create("Anthropic.Beta.Messages.prototype.create"),
  countTokens("Anthropic.Messages.prototype.countTokens"),
  countTokens("Anthropic.Beta.Messages.prototype.countTokens"),
  createBatch("Anthropic.Messages.Batches.prototype.create"),
  createBatch("Anthropic.Beta.Messages.Batches.prototype.create"),
  complete,
  runTools,
];
