import { withAgent } from "@tokenledger/core";
import { type Rule } from "@tokenledger/provider-double";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { observe, type Observed, simpleTool } from "./harness.ts";

let observed: Observed;
beforeAll(async () => void (observed = await observe()));
afterAll(() => observed.close());

const asks = (tool: string): Rule["answer"] => ({ toolCalls: [{ name: tool, arguments: {} }] });
const searching: Rule[] = [
  { round: 0, answer: asks("search") },
  { round: 1, answer: { text: "Found it." } },
];

/** `vitest` sets `NODE_ENV=test`, in which the SDK's own tracing is off; both states must give the same tree. */
const tracing = [
  { state: "off", on: false },
  { state: "on", on: true },
];

describe.each(tracing)("with the SDK's own tracing $state", ({ on }) => {
  function start(script: Rule[]): Observed {
    observed.begin(script, { tracing: on });
    return observed;
  }

  it("shows a tool loop: one billed span per model call, numbered, the tool beside them", async () => {
    const { agents, double } = start(searching);
    const tools = [simpleTool(agents, "search", () => "A page.")];
    const result = await agents.run(new agents.Agent({ name: "finder", model: "gpt-5.4", tools }), "Find it");
    expect(result.finalOutput).toBe("Found it.");
    expect(observed.treeWith("agentStep")).toEqual([
      "invoke_agent finder",
      "  chat gpt-5.4 1",
      "  execute_tool search 1",
      "  chat gpt-5.4 2",
    ]);
    const billed = observed.spans().filter((span) => span.attributes["gen_ai.operation.name"] === "chat");
    const ids = billed.map((span) => span.attributes["gen_ai.response.id"]);
    expect(ids).toEqual(
      double
        .bill()
        .slice(-2)
        .map((line) => line.responseId),
    );
    const [asking] = billed;
    const tool = observed.spans().find((span) => span.name === "execute_tool search");
    expect(tool?.attributes["tokenledger.tool_call.origin_span_id"]).toBe(asking?.spanContext().spanId);
  });

  it("puts agents that hand over beside each other, and says from whom", async () => {
    const { agents } = start([
      { system: "triage", answer: asks("transfer_to_billing") },
      { system: "billing", answer: { text: "Paid." } },
    ]);
    const billing = new agents.Agent({ name: "billing", instructions: "billing", model: "gpt-5.4" });
    const triage = new agents.Agent({ name: "triage", instructions: "triage", model: "gpt-5.4", handoffs: [billing] });
    await withAgent("desk", () => agents.run(triage, "Refund me"));
    expect(observed.treeWith("agentPath")).toEqual([
      'invoke_agent desk "[\\"desk\\"]"',
      '  invoke_agent triage "[\\"desk\\",\\"triage\\"]"',
      '    chat gpt-5.4 "[\\"desk\\",\\"triage\\"]"',
      '  invoke_agent billing "[\\"desk\\",\\"billing\\"]"',
      '    chat gpt-5.4 "[\\"desk\\",\\"billing\\"]"',
    ]);
    expect(observed.treeWith("handoffFrom").filter((line) => line.includes('"'))).toEqual([
      '  invoke_agent billing "triage"',
      '    chat gpt-5.4 "triage"',
    ]);
  });

  it("keeps a hand-off in one trace when nothing is around the run", async () => {
    const { agents } = start([
      { system: "triage", answer: asks("transfer_to_billing") },
      { system: "billing", answer: { text: "Paid." } },
    ]);
    const billing = new agents.Agent({ name: "billing", instructions: "billing", model: "gpt-5.4" });
    const triage = new agents.Agent({ name: "triage", instructions: "triage", model: "gpt-5.4", handoffs: [billing] });
    await agents.run(triage, "Refund me");
    expect(new Set(observed.spans().map((span) => span.spanContext().traceId)).size).toBe(1);
    expect(observed.treeWith("agentPath")).toContain('  invoke_agent billing "[\\"billing\\"]"');
  });

  it("puts an agent that is used as a tool inside that tool", async () => {
    const { agents } = start([
      { system: "chief", round: 0, answer: { toolCalls: [{ name: "ask_helper", arguments: { input: "Help" } }] } },
      { system: "chief", answer: { text: "All done." } },
      { system: "helper", answer: { text: "Helped." } },
    ]);
    const helper = new agents.Agent({ name: "helper", instructions: "helper", model: "gpt-5.4-mini" });
    const tools = [helper.asTool({ toolName: "ask_helper", toolDescription: "Helps" })];
    await agents.run(new agents.Agent({ name: "chief", instructions: "chief", model: "gpt-5.4", tools }), "Go");
    expect(observed.tree()).toEqual([
      "invoke_agent chief",
      "  chat gpt-5.4",
      "  execute_tool ask_helper",
      "    invoke_agent helper",
      "      chat gpt-5.4-mini",
      "  chat gpt-5.4",
    ]);
    expect(observed.treeWith("agentPath")[3]).toContain('[\\"chief\\",\\"helper\\"]');
  });

  it("keeps parallel runs, and parallel tools in each, apart", async () => {
    const { agents } = start([
      { system: "inner", answer: { text: "A page." } },
      {
        round: 0,
        answer: {
          toolCalls: [
            { name: "search", arguments: {} },
            { name: "search", arguments: {} },
          ],
        },
      },
      { round: 1, answer: { text: "Found it." } },
    ]);
    const run = (name: string): Promise<unknown> => {
      const inner = new agents.Agent({ name: `${name}-inner`, instructions: "inner", model: "gpt-5.4-mini" });
      const tools = [simpleTool(agents, "search", async () => String((await agents.run(inner, "x")).finalOutput))];
      return agents.run(new agents.Agent({ name, model: "gpt-5.4", tools }), "Find it");
    };
    await withAgent("desk", () => Promise.all([run("a"), run("b"), run("c")]));
    expect(observed.tree().toSorted()).toEqual(
      [
        "invoke_agent desk",
        ...["a", "b", "c"].flatMap((name) => [
          `  invoke_agent ${name}`,
          "    chat gpt-5.4",
          "    chat gpt-5.4",
          "    execute_tool search",
          "    execute_tool search",
          ...Array.from({ length: 2 }, () => [`      invoke_agent ${name}-inner`, "        chat gpt-5.4-mini"]).flat(),
        ]),
      ].toSorted(),
    );
    for (const span of observed.spans()) {
      if (!span.name.endsWith("mini")) continue;
      expect(span.attributes["tokenledger.agent.path"]).toMatch(/"desk","(.)","\1-inner"/);
    }
  });

  it("follows a streamed run to its end", async () => {
    const { agents } = start(searching);
    const tools = [simpleTool(agents, "search", () => "A page.")];
    const agent = new agents.Agent({ name: "finder", model: "gpt-5.4", tools });
    const result = await agents.run(agent, "Find it", { stream: true });
    let deltas = 0;
    for await (const event of result) if (event.type === "raw_model_stream_event") deltas += 1;
    await result.completed;
    expect(deltas).toBeGreaterThan(3);
    expect(observed.tree()).toEqual([
      "invoke_agent finder",
      "  chat gpt-5.4",
      "  execute_tool search",
      "  chat gpt-5.4",
    ]);
  });
});
