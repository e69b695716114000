import { expect, test } from "vitest";
import { requestFacts, responseFacts, type CreateArguments } from "../src/facts.ts";
import { providerOf } from "../src/provider.ts";

const parameters = (more: object): CreateArguments => [
  { model: "claude-opus-5", max_tokens: 64, messages: [{ role: "user", content: "hi" }], ...more },
];

test("a request says what its price and its place in the loop depend on", () => {
  const facts = requestFacts([
    {
      model: "claude-opus-5",
      max_tokens: 64,
      stream: true,
      temperature: 0.5,
      top_k: 3,
      stop_sequences: ["END"],
      service_tier: "auto",
      output_config: { effort: "high", format: { type: "json_schema", schema: {} } },
      messages: [
        { role: "user", content: "hi" },
        { role: "assistant", content: [{ type: "tool_use", id: "toolu_1", name: "lookup", input: {} }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1" }] },
        { role: "assistant", content: [{ type: "tool_use", id: "toolu_2", name: "lookup", input: {} }] },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "toolu_2" },
            { type: "text", text: "so?" },
          ],
        },
      ],
    },
    { openTelemetry: { conversationId: "c-1" } },
  ]);
  expect(facts).toMatchObject({
    model: "claude-opus-5",
    maxTokens: 64,
    stream: true,
    temperature: 0.5,
    topK: 3,
    stopSequences: ["END"],
    serviceTier: "auto",
    reasoningLevel: "high",
    outputType: "json",
    conversationId: "c-1",
    toolResultIds: ["toolu_2"],
  });
});

test("a plain request says nothing that the caller did not", () => {
  const { content: _, ...facts } = requestFacts(parameters({}));
  expect(facts).toEqual({ model: "claude-opus-5", maxTokens: 64 });
});

test("a thread's turn names the response it continues from", () => {
  const facts = requestFacts(parameters({ thread: { type: "continue", previous_message_id: "msg_0" } }));
  expect(facts.previousResponseId).toBe("msg_0");
});

test("content follows the shapes of the conventions", () => {
  const [request] = parameters({
    system: [{ type: "text", text: "be brief" }],
    messages: [
      { role: "user", content: "hi" },
      { role: "assistant", content: [{ type: "tool_use", id: "toolu_1", name: "lookup", input: { a: 1 } }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "42" }] },
    ],
    tools: [{ name: "lookup", input_schema: { type: "object" } }],
  });
  expect(requestFacts([request]).content?.()).toEqual({
    systemInstructions: [{ type: "text", content: "be brief" }],
    inputMessages: [
      { role: "user", parts: [{ type: "text", content: "hi" }] },
      { role: "assistant", parts: [{ type: "tool_call", id: "toolu_1", name: "lookup", arguments: { a: 1 } }] },
      { role: "user", parts: [{ type: "tool_call_response", id: "toolu_1", response: "42" }] },
    ],
    toolDefinitions: [{ name: "lookup", input_schema: { type: "object" } }],
  });
});

test.each(["refusal", "pause_turn", "model_context_window_exceeded"])("stop reason %s is passed on", (stop_reason) => {
  const message = { id: "msg_1", model: "m", content: [], stop_reason, usage: { input_tokens: 1, output_tokens: 1 } };
  // Recorded messages lack fields that the newest types promise.
  expect(responseFacts(message as unknown as Parameters<typeof responseFacts>[0]).finishReasons).toEqual([stop_reason]);
});

test.each([
  ["https://api.anthropic.com", undefined],
  ["https://gateway.example/anthropic", undefined],
  ["https://us-east5-aiplatform.googleapis.com/v1", "gcp.vertex_ai"],
  ["https://aiplatform.googleapis.com/v1", "gcp.vertex_ai"],
  ["https://aiplatform.eu.rep.googleapis.com/v1", "gcp.vertex_ai"],
  ["https://bedrock-runtime.us-east-1.amazonaws.com", "aws.bedrock"],
  ["https://bedrock-mantle.eu-west-1.api.aws/anthropic", "aws.bedrock"],
  ["https://mine.services.ai.azure.com/anthropic/", "azure.ai.inference"],
  ["https://aiplatform.googleapis.com.evil.example/v1", undefined],
  ["not a url", undefined],
  [undefined, undefined],
])("%s is served by %s", (baseURL, provider) => {
  expect(providerOf({ baseURL })).toBe(provider);
});
