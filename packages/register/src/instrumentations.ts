import type { Instrumentation, InstrumentationBase } from "@opentelemetry/instrumentation";
import { AnthropicInstrumentation } from "@tokenledger/instrumentation-anthropic";
import { OpenAIInstrumentation } from "@tokenledger/instrumentation-openai";
import { OpenAIAgentsInstrumentation } from "@tokenledger/instrumentation-openai-agents";

/** Every SDK that is observed; each can be switched off by `TOKENLEDGER_DISABLED`. */
export const createInstrumentations = (): Instrumentation[] => [
  new OpenAIInstrumentation(),
  new AnthropicInstrumentation(),
  new OpenAIAgentsInstrumentation(),
];

/** The packages that instrumentations hook. */
export const hookedModules = (instrumentations: readonly Instrumentation[]): string[] => {
  // Every instrumentation of the engine extends the base class, which knows its modules.
  const definitions = instrumentations.flatMap((each) => (each as InstrumentationBase).getModuleDefinitions());
  return [...new Set(definitions.map(({ name }) => name))];
};
