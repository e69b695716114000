const { OpenAIInstrumentation } = require("@opentelemetry/instrumentation-openai");
const { NodeSDK } = require("@opentelemetry/sdk-node");

const sdk = new NodeSDK({ instrumentations: [new OpenAIInstrumentation()] });
sdk.start();
const { OpenAI } = require("openai");

async function main() {
  const { converseWithOpenai } = await import("../conversation/openai.mjs");
  await converseWithOpenai(new OpenAI({ maxRetries: 0 }));
  await sdk.shutdown();
}
void main();
