import type { LedgerTarget } from "@tokenledger/clickhouse";

/** The trace that {@link landWideTrace} makes. */
export const wideTraceId = "0af7651916cd43dd8448eb211c80319c";

/** A lead agent's turns, each with tools, one of which a helper with turns of its own works for. */
const turns = 100;
const toolsPerTurn = 9;
const helperTurns = 39;

/** Spans of the trace: an agent, its turns with their tools, and per turn a helper. */
export const wideTraceSpans: number = 1 + turns * (1 + toolsPerTurn + 1 + helperTurns);

/** Lands one trace of 5,001 spans: the size at which other tools' drawings stall. */
export async function landWideTrace(target: LedgerTarget): Promise<void> {
  await target.client.insert({ table: "otel_traces", values: rows(), format: "JSONEachRow" });
}

function rows(): object[] {
  const lead = row(0, undefined, 0, 100_000, { operation: "invoke_agent", agents: ["lead"] });
  let id = 0;
  const next = (): number => (id += 1);
  const spans = Array.from({ length: turns }, (_, turn) => {
    const at = turn * 1_000;
    const call = row(next(), 0, at, 300, {
      operation: "chat",
      agents: ["lead"],
      step: turn + 1,
      input: 2_000 + turn * 900,
    });
    const tools = Array.from({ length: toolsPerTurn }, (_tool, tool) =>
      row(next(), 0, at + 310 + tool * 5, 60, { operation: "execute_tool", agents: ["lead"] }),
    );
    const helper = next();
    const under = id - 1;
    const agents = ["lead", `helper_${turn % 7}`];
    return [
      call,
      ...tools,
      row(helper, under, at + 360, 600, { operation: "invoke_agent", agents }),
      ...Array.from({ length: helperTurns }, (_call, step) =>
        row(next(), helper, at + 365 + step * 15, 12, {
          operation: "chat",
          agents,
          step: step + 1,
          input: 800 + step * 60,
        }),
      ),
    ];
  });
  return [lead, ...spans.flat()];
}

interface Made {
  readonly operation: "chat" | "invoke_agent" | "execute_tool";
  readonly agents: readonly string[];
  readonly step?: number;
  readonly input?: number;
}

function row(id: number, parent: number | undefined, at: number, milliseconds: number, made: Made): object {
  const { operation, agents, step, input } = made;
  const agent = agents.at(-1) ?? "";
  return {
    Timestamp: new Date(Date.UTC(2026, 4, 1, 10) + at).toISOString().replace("T", " ").replace("Z", ""),
    TraceId: wideTraceId,
    SpanId: spanId(id),
    ParentSpanId: parent === undefined ? "" : spanId(parent),
    SpanName: operation === "chat" ? "chat claude-haiku-4-5" : `${operation} ${agent}`,
    SpanKind: "Client",
    ServiceName: "bench",
    ScopeName: "@tokenledger/instrumentation-anthropic",
    SpanAttributes: {
      "gen_ai.operation.name": operation,
      "gen_ai.agent.name": agent,
      "tokenledger.agent.path": JSON.stringify(agents),
      "tokenledger.agent.run_id": agents.length === 1 ? "lead" : `run_${parent}`,
      ...(step !== undefined && { "tokenledger.agent.step": String(step) }),
      ...(input !== undefined && {
        "gen_ai.provider.name": "anthropic",
        "gen_ai.response.model": "claude-haiku-4-5",
        "tokenledger.usage.source": "reported",
        "gen_ai.usage.input_tokens": String(input),
        "gen_ai.usage.cache_read.input_tokens": String(Math.floor(input * 0.8)),
        "gen_ai.usage.output_tokens": "120",
      }),
    },
    Duration: milliseconds * 1_000_000,
  };
}

const spanId = (id: number): string => (id + 1).toString(16).padStart(16, "0");
