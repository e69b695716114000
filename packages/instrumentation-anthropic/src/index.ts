import { type InstrumentationClass, instrumentationFor } from "@tokenledger/core";
import manifest from "../package.json" with { type: "json" };
import { anthropic } from "./adapter.ts";

/** Observes `@anthropic-ai/sdk`; register it with OpenTelemetry like any other instrumentation. */
export const AnthropicInstrumentation: InstrumentationClass = instrumentationFor(anthropic, manifest.version);

export { anthropic };
export { requestContent } from "./content.ts";
export { usageOf, type ReportedUsage, type UsageFacts } from "./usage.ts";
