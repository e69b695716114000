// One model call, with no word about tracing.
import OpenAI from "openai";

const client = new OpenAI({ apiKey: "none", baseURL: process.env.PROVIDER_URL });
await client.chat.completions.create({ model: "gpt-5", messages: [{ role: "user", content: "hello" }] });
