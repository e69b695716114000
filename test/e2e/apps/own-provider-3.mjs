// An application with an OpenTelemetry 3.x set-up of its own, which may come late.
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import OpenAI from "openai";

const client = new OpenAI({ apiKey: "none", baseURL: process.env.PROVIDER_URL });
const ask = (content) => client.chat.completions.create({ model: "gpt-5", messages: [{ role: "user", content }] });
if (process.env.LATE) await ask("before the application's set-up");

const exporter = new InMemorySpanExporter();
const accepted = [
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })),
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()),
];
await trace.getTracer("app").startActiveSpan("work", async (span) => {
  await ask("after it");
  span.end();
});
const spans = exporter.getFinishedSpans();
const work = spans.find(({ name }) => name === "work");
console.log(
  JSON.stringify({
    accepted,
    names: spans.map(({ name }) => name),
    nested: spans[0].parentSpanContext?.spanId === work.spanContext().spanId,
  }),
);
