import { AnthropicInstrumentation } from "@tokenledger/instrumentation-anthropic";
import { OpenAIInstrumentation } from "@tokenledger/instrumentation-openai";
import { OpenAIAgentsInstrumentation } from "@tokenledger/instrumentation-openai-agents";
import type { ModuleObserver } from "@tokenledger/core";

/** Every SDK that is observed; each can be switched off by `TOKENLEDGER_DISABLED`. */
export const createObservers = (): ModuleObserver[] =>
  [OpenAIInstrumentation, AnthropicInstrumentation, OpenAIAgentsInstrumentation].flatMap(
    (Instrumentation) => Instrumentation.observer() ?? [],
  );
