// An application that traces its own work through the API and sets up no SDK.
import { trace } from "@opentelemetry/api";
import OpenAI from "openai";

const client = new OpenAI({ apiKey: "none", baseURL: process.env.PROVIDER_URL });
await trace.getTracer("app").startActiveSpan("work", async (span) => {
  await client.chat.completions.create({ model: "gpt-5", messages: [{ role: "user", content: "hello" }] });
  span.end();
});
