import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import type Anthropic from "@anthropic-ai/sdk";
import { names, TokenledgerSpanProcessor } from "@tokenledger/core";
import { AnthropicInstrumentation } from "../src/index.ts";

const root = resolve(import.meta.dirname, "../../..");
const homes = {
  "0.60": "test/versions/anthropic-0.60",
  "0.68": "test/versions/anthropic-0.68",
  "0.137": "test/versions/anthropic-0.137",
  "1.12": ".",
};
export type Version = keyof typeof homes;
export const versions = Object.keys(homes) as Version[];
const requireFrom = (version: Version): NodeJS.Require => createRequire(resolve(root, homes[version], "package.json"));

/** The SDK of a version as `require` gives it. Typed by the newest: older ones lack some of it. */
export const requireSdk = (version: Version): typeof Anthropic =>
  requireFrom(version)("@anthropic-ai/sdk") as typeof Anthropic;

/** The same version as `import` gives it: other classes. */
export const importSdk = (version: Version): Promise<unknown> =>
  import(pathToFileURL(requireFrom(version).resolve("@anthropic-ai/sdk")).href.replace(/\.js$/, ".mjs"));

/** Versions that trace themselves. */
export const nativeVersions: readonly Version[] = ["0.137", "1.12"];

/** An application's own set-up with our instrumentation in it; registered before any SDK is loaded. */
export class Application {
  readonly #exporter = new InMemorySpanExporter();
  readonly #open = new Set<string>();
  readonly provider: TracerProvider = new TracerProvider({
    spanProcessors: [
      new TokenledgerSpanProcessor(),
      {
        onStart: (span) => void this.#open.add(span.name),
        onEnd: (span) => void this.#open.delete(span.name),
        forceFlush: () => Promise.resolve(),
        shutdown: () => Promise.resolve(),
      },
      new SimpleSpanProcessor({ exporter: this.#exporter }),
    ],
  });
  readonly instrumentation: InstanceType<typeof AnthropicInstrumentation>;

  constructor() {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(this.provider);
    this.instrumentation = new AnthropicInstrumentation();
  }

  /**
   * Spans that have ended since the last time, oldest first. Throws where one is open still: it would
   * leave a gap in the sequence.
   */
  take(): ReadableSpan[] {
    if (this.#open.size > 0) throw new Error(`started and not ended: ${[...this.#open].join(", ")}`);
    const spans = this.#exporter.getFinishedSpans();
    this.#exporter.reset();
    return spans;
  }

  /** Leaves nothing to the next test. */
  forget(): void {
    this.#exporter.reset();
    this.#open.clear();
  }
}

/** Whether a span is one that a bill is made from: ours by its scope attribute, the SDK's by its name. */
export const isBilled = (span: ReadableSpan): boolean =>
  span.attributes[names.usageScope] === "call" || span.name === "anthropic.messages.create";
