import type { Span, SpanData, Trace, TracingProcessor } from "@openai/agents";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { observe, type Observed, simpleTool } from "./harness.ts";

let observed: Observed;
beforeAll(async () => void (observed = await observe()));
afterAll(() => observed.close());
beforeEach(() => observed.begin([{ answer: { text: "Done." } }]));

const callTool = { toolCalls: [{ name: "search", arguments: {} }] };

const named = (name: string): ReadableSpan => {
  const found = observed.spans().find((span) => span.name === name);
  if (!found) throw new Error(`no span ${name} in ${observed.tree().join(", ")}`);
  return found;
};
const errorOf = (name: string): unknown => named(name).attributes["error.type"];
const outcomeOf = (name: string): unknown => named(name).attributes["tokenledger.call.outcome"];

describe("how a run ends", () => {
  it("gives a run that failed the error that came out of it", async () => {
    const { agents } = observed;
    observed.begin([{ answer: { failure: { status: 400, message: "No." } } }]);
    const agent = new agents.Agent({ name: "finder", model: "gpt-5.4" });
    await expect(agents.run(agent, "Find it")).rejects.toThrow("No.");
    expect(errorOf("invoke_agent finder")).toBe("BadRequestError");
    expect(outcomeOf("invoke_agent finder")).toBe("failed");
    expect(observed.tree()).toEqual(["invoke_agent finder", "  chat gpt-5.4"]);
  });

  it("names a run that went round in circles by the SDK's error", async () => {
    const { agents } = observed;
    observed.begin([{ answer: callTool }]);
    const tools = [simpleTool(agents, "search", () => "Nothing.")];
    const agent = new agents.Agent({ name: "finder", model: "gpt-5.4", tools });
    await expect(agents.run(agent, "Find it", { maxTurns: 2 })).rejects.toThrow("Max turns");
    expect(errorOf("invoke_agent finder")).toBe("MaxTurnsExceededError");
    expect(observed.spans().filter((span) => span.name === "chat gpt-5.4")).toHaveLength(2);
  });

  it("marks a tool that threw, while the run goes on", async () => {
    const { agents } = observed;
    observed.begin([{ round: 0, answer: callTool }, { answer: { text: "Without it, then." } }]);
    const tools = [
      simpleTool(agents, "search", () => {
        throw new Error("no such page");
      }),
    ];
    const result = await agents.run(new agents.Agent({ name: "finder", model: "gpt-5.4", tools }), "Find it");
    expect(result.finalOutput).toBe("Without it, then.");
    expect(outcomeOf("execute_tool search")).toBe("failed");
    expect(outcomeOf("invoke_agent finder")).toBe("completed");
  });

  it("ends a run that a guardrail stopped, with the model call that the guardrail made inside it", async () => {
    const { agents } = observed;
    const judge = new agents.Agent({ name: "judge", model: "gpt-5.4-mini" });
    const inputGuardrails = [
      {
        name: "on topic",
        execute: async () => {
          await agents.run(judge, "Is it on topic?");
          return { tripwireTriggered: true, outputInfo: {} };
        },
        runInParallel: false,
      },
    ];
    const agent = new agents.Agent({ name: "finder", model: "gpt-5.4", inputGuardrails });
    await expect(agents.run(agent, "Find it")).rejects.toThrow(agents.InputGuardrailTripwireTriggered);
    expect(errorOf("invoke_agent finder")).toBe("InputGuardrailTripwireTriggered");
    expect(observed.tree()).toEqual(["invoke_agent finder", "  invoke_agent judge", "    chat gpt-5.4-mini"]);
  });

  it("ends a run that waits for an approval, and opens another where it is taken up again", async () => {
    const { agents } = observed;
    observed.begin([{ round: 0, answer: callTool }, { answer: { text: "Approved." } }]);
    const search = simpleTool(agents, "search", () => "A page.");
    const tools = [{ ...search, needsApproval: async () => true }];
    const agent = new agents.Agent({ name: "finder", model: "gpt-5.4", tools });
    const waiting = await agents.run(agent, "Find it");
    expect(waiting.interruptions).toHaveLength(1);
    expect(observed.tree().slice(0, 2)).toEqual(["invoke_agent finder", "  chat gpt-5.4"]);
    const [interruption] = waiting.interruptions;
    if (interruption) waiting.state.approve(interruption);
    const result = await agents.run(agent, waiting.state);
    expect(result.finalOutput).toBe("Approved.");
    expect(observed.spans().filter((span) => span.name === "invoke_agent finder")).toHaveLength(2);
    const last = observed.spans().findLast((span) => span.name === "chat gpt-5.4");
    expect(last?.attributes["tokenledger.agent.path"]).toBe('["finder"]');
  });

  it("ends a streamed run that its reader left", async () => {
    const { agents } = observed;
    observed.begin([{ answer: { text: "word ".repeat(200), interruption: { afterEvents: 12, kind: "wait" } } }]);
    const agent = new agents.Agent({ name: "finder", model: "gpt-5.4" });
    const abort = new AbortController();
    const result = await agents.run(agent, "Find it", { stream: true, signal: abort.signal });
    let seen = 0;
    for await (const _ of result) if (++seen === 5) abort.abort();
    await result.completed.catch(() => undefined);
    // A stream left early reports no usage: its span may wait for an estimate.
    await observed.flush();
    expect(observed.tree()).toEqual(["invoke_agent finder", "  chat gpt-5.4"]);
    expect(outcomeOf("invoke_agent finder")).toBe("cancelled");
    expect(outcomeOf("chat gpt-5.4")).toBe("cancelled");
    await expect.poll(() => observed.double.bill().at(-1)?.outcome).toBe("cancelled");
  });

  it("leaves a rejection that nobody handles unhandled", async () => {
    const { agents } = observed;
    observed.begin([{ answer: { failure: { status: 400, message: "No." } } }]);
    const others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    const unhandled = new Promise((resolve) => process.once("unhandledRejection", resolve));
    void agents.run(new agents.Agent({ name: "finder", model: "gpt-5.4" }), "Find it");
    await expect(unhandled).resolves.toMatchObject({ status: 400 });
    for (const listener of others) process.on("unhandledRejection", listener);
  });
});

describe("the SDK's own tracing", () => {
  /** What an exporter of the user's would send. */
  class Recorder implements TracingProcessor {
    readonly seen: string[] = [];
    readonly exported: unknown[] = [];
    async onTraceStart(trace: Trace): Promise<void> {
      this.seen.push(`trace ${trace.name}`);
    }
    async onTraceEnd(): Promise<void> {}
    async onSpanStart(): Promise<void> {}
    async onSpanEnd(span: Span<SpanData>): Promise<void> {
      this.seen.push(span.spanData.type);
      this.exported.push(span.toJSON(), Object.keys(span));
    }
    async shutdown(): Promise<void> {}
    async forceFlush(): Promise<void> {}
  }

  it("reaches the user's processors whole, whenever they are set, and they alone get it", async () => {
    const { agents } = observed;
    observed.begin([{ round: 0, answer: callTool }, { answer: { text: "Found." } }], { tracing: true });
    const recorder = new Recorder();
    agents.setTraceProcessors([recorder]);
    const tools = [simpleTool(agents, "search", () => "A page.")];
    await agents.run(new agents.Agent({ name: "finder", model: "gpt-5.4", tools }), "Find it");
    expect(recorder.seen).toEqual([
      "trace Agent workflow",
      "response",
      "function",
      "turn",
      "response",
      "turn",
      "agent",
      "task",
    ]);
    expect(JSON.stringify(recorder.exported)).not.toContain("tokenledger");
    expect(recorder.exported).toContainEqual(["type"]);
    expect(observed.tree()).toHaveLength(4);
  });

  it("may be switched off for one runner: its tools then have no spans, all else does", async () => {
    const { agents } = observed;
    observed.begin([{ round: 0, answer: callTool }, { answer: { text: "Found." } }], { tracing: true });
    const tools = [simpleTool(agents, "search", () => "A page.")];
    const runner = new agents.Runner({ tracingDisabled: true });
    await runner.run(new agents.Agent({ name: "finder", model: "gpt-5.4", tools }), "Find it");
    expect(observed.tree()).toEqual(["invoke_agent finder", "  chat gpt-5.4", "  chat gpt-5.4"]);
  });

  it("is not needed for what the user opens by hand, which stays the user's", async () => {
    const { agents } = observed;
    observed.begin([{ answer: { text: "Done." } }], { tracing: true });
    const result = await agents.withTrace("mine", () =>
      agents.withAgentSpan(() => agents.run(new agents.Agent({ name: "finder", model: "gpt-5.4" }), "x"), {
        data: { name: "by hand" },
      }),
    );
    expect(result.finalOutput).toBe("Done.");
    expect(observed.tree()).toEqual(["invoke_agent finder", "  chat gpt-5.4"]);
  });
});
