import { createRequire } from "node:module";
import { context, type Attributes, trace, type Tracer } from "@opentelemetry/api";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { withTask } from "./context.ts";
import { TokenledgerSpanProcessor } from "./processor.ts";
import { withAgent } from "./structure.ts";
import { collectSpans } from "./testing.ts";

/** A provider of some version of the OpenTelemetry SDK, and what it has recorded. */
interface Sdk {
  readonly tracer: Tracer;
  recorded(): Attributes[];
  reset(): void;
}

// Registers the context manager that the agent context travels in.
const collector = collectSpans();
afterAll(() => collector.stop());

function sdk3(): Sdk {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({
    spanProcessors: [new TokenledgerSpanProcessor(), new SimpleSpanProcessor({ exporter })],
  });
  return {
    tracer: provider.getTracer("foreign"),
    recorded: () => exporter.getFinishedSpans().map((span) => span.attributes as Attributes),
    reset: () => exporter.reset(),
  };
}

/** What is used of the SDK's line 2. Its packages are installed beside the tests of versions. */
interface Line2 {
  BasicTracerProvider: new (options: { spanProcessors: object[] }) => { getTracer(name: string): Tracer };
  InMemorySpanExporter: new () => { getFinishedSpans(): { attributes: Attributes }[]; reset(): void };
  SimpleSpanProcessor: new (exporter: object) => object;
}

function sdk2(): Sdk {
  const directory = new URL("../../../test/versions/opentelemetry-2/package.json", import.meta.url);
  const line2 = createRequire(directory)("@opentelemetry/sdk-trace-node") as Line2;
  const exporter = new line2.InMemorySpanExporter();
  const provider = new line2.BasicTracerProvider({
    spanProcessors: [new TokenledgerSpanProcessor(), new line2.SimpleSpanProcessor(exporter)],
  });
  return {
    tracer: provider.getTracer("foreign"),
    recorded: () => exporter.getFinishedSpans().map(({ attributes }) => attributes),
    reset: () => exporter.reset(),
  };
}

describe.each([
  ["OpenTelemetry SDK 3", sdk3()],
  ["OpenTelemetry SDK 2", sdk2()],
])("%s", (_, sdk) => {
  beforeEach(() => sdk.reset());
  const span = (attributes: Attributes, later: Attributes = {}): void => {
    const started = sdk.tracer.startSpan("foreign", { attributes }, context.active());
    started.setAttributes(later);
    started.end();
  };

  test("spans of other instrumentations carry agent, step and labels", () => {
    withTask({ customer: "acme", id: "t1" }, () =>
      withAgent("helper", () => {
        span({ "gen_ai.operation.name": "chat" });
        span({ "gen_ai.system": "openai" });
        span({ "gen_ai.operation.name": "chat" });
      }),
    );
    expect(sdk.recorded().map((attributes) => attributes["tokenledger.agent.step"])).toEqual([1, 1, 2]);
    for (const attributes of sdk.recorded()) {
      expect(attributes).toMatchObject({
        "tokenledger.agent.path": '["helper"]',
        "tokenledger.customer.id": "acme",
        "tokenledger.task.id": "t1",
        "tokenledger.process.id": expect.any(String),
      });
    }
  });

  test("a span that says only at its end what it is", () => {
    withAgent("helper", () => span({}, { "openinference.span.kind": "LLM" }));
    expect(sdk.recorded()).toMatchObject([{ "tokenledger.agent.path": '["helper"]' }]);
  });

  test("other spans stay as they are", () => {
    withAgent("helper", () => span({ "http.request.method": "GET" }));
    expect(sdk.recorded()).toEqual([{ "http.request.method": "GET" }]);
  });

  test("a framework's span around the provider's is the same step", () => {
    withAgent("helper", () => {
      const outer = sdk.tracer.startSpan(
        "outer",
        { attributes: { "gen_ai.operation.name": "chat" } },
        context.active(),
      );
      context.with(trace.setSpan(context.active(), outer), () => span({ "gen_ai.operation.name": "chat" }));
      outer.end();
      span({ "gen_ai.operation.name": "chat" });
    });
    expect(sdk.recorded().map((attributes) => attributes["tokenledger.agent.step"])).toEqual([1, 1, 2]);
  });

  test("numbers of a process have no gaps", () => {
    for (let index = 0; index < 5; index += 1) span({ "gen_ai.operation.name": "chat" });
    const numbers = sdk.recorded().map((attributes) => Number(attributes["tokenledger.sequence"]));
    const first = numbers[0] ?? 0;
    expect(numbers).toEqual([0, 1, 2, 3, 4].map((offset) => first + offset));
  });
});
