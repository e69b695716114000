import { type InstrumentationClass, instrumentationFor } from "@tokenledger/core";
import manifest from "../package.json" with { type: "json" };
import { openai } from "./adapter.ts";

/** Observes the `openai` package; register it with OpenTelemetry like any other instrumentation. */
export const OpenAIInstrumentation: InstrumentationClass = instrumentationFor(openai, manifest.version);

export { openai };
export { promptContent } from "./responses-content.ts";
