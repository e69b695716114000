// An application with an OpenTelemetry 2.x set-up of its own, which may come late.
import { trace } from "@opentelemetry/api";
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import OpenAI from "openai";

const client = new OpenAI({ apiKey: "none", baseURL: process.env.PROVIDER_URL });
const ask = (content) => client.chat.completions.create({ model: "gpt-5", messages: [{ role: "user", content }] });
if (process.env.LATE) await ask("before the application's set-up");

const exporter = new InMemorySpanExporter();
new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
const accepted = [trace.getTracerProvider().getDelegate() instanceof NodeTracerProvider];
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
