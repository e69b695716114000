// One model call, with no word about tracing.
const OpenAI = require("openai");

const client = new OpenAI({ apiKey: "none", baseURL: process.env.PROVIDER_URL });
void client.chat.completions.create({ model: "gpt-5", messages: [{ role: "user", content: "hello" }] });
