import type { Instrumentation, InstrumentationConfig } from "@opentelemetry/instrumentation";
import { instrumentationFor } from "@tokenledger/core";
import manifest from "../package.json" with { type: "json" };
import { openai } from "./adapter.ts";

/** Observes the `openai` package; register it with OpenTelemetry like any other instrumentation. */
export const OpenAIInstrumentation: new (config?: InstrumentationConfig) => Instrumentation = instrumentationFor(
  openai,
  manifest.version,
);

export { openai };
