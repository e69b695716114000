import type { Attributes } from "@opentelemetry/api";
import type { LandingRow } from "@tokenledger/clickhouse";
import { billedLines, names, usageAttributes, type UsageSource } from "@tokenledger/core";
import { usageOf } from "@tokenledger/instrumentation-anthropic";
import { agentName, agentPath, parentAgent, stepsOf } from "./claude-code-structure.ts";
import type { Session, SessionCall, SessionTool } from "./claude-code-session.ts";
import { identifier, importedRow, type ImportedSpan, type ImportOrigin } from "./imported-row.ts";

/** Instrumentation scope of imported rows: the facts read it as their source. */
const claudeCodeScope = "tokenledger.import.claude-code";
const provider = "anthropic";

/**
 * The spans a session would have made: its agents, their model calls, their tools, and the requests
 * the API refused. Ids derive from the session's own, so that importing again gives the same rows.
 */
export function claudeCodeRows(session: Session): LandingRow[] {
  const spans = new SessionSpans(session);
  return [
    ...spans.agentRuns(),
    ...[...session.calls.values()].flatMap((call) => [spans.call(call), ...spans.billedBeside(call)]),
    ...[...session.tools.values()].map((tool) => spans.tool(tool)),
    ...[...session.errors.values()].map((error) => spans.failedRequest(error.id, error.at, error.status)),
  ];
}

class SessionSpans {
  readonly #session: Session;
  readonly #traceId: string;
  readonly #steps: Map<string, number>;

  constructor(session: Session) {
    this.#session = session;
    this.#traceId = identifier(16, "session", session.id);
    this.#steps = stepsOf(session);
  }

  agentRuns(): LandingRow[] {
    return ["", ...this.#session.agents.keys()].flatMap((agentId) => {
      const extent = this.#extent(agentId);
      if (!extent) return [];
      const parent = this.#session.agents.get(agentId)?.toolCallId;
      return this.#row({
        id: this.#runSpan(agentId),
        parent: agentId === "" ? "" : this.#toolSpan(parent) || this.#runSpan(""),
        name: `invoke_agent ${agentName(this.#session, agentId)}`,
        kind: "Internal",
        ...extent,
        attributes: { [names.operationName]: "invoke_agent", ...this.#agentAttributes(agentId) },
      });
    });
  }

  call(call: SessionCall): LandingRow {
    const { usage, ...facts } = usageOf(call.usage);
    // Without a stop reason Claude Code wrote the line before the final count was known.
    const source: UsageSource = call.stopReason === undefined ? "partial" : "reported";
    return this.#row({
      id: this.#callSpan(call.messageId),
      parent: this.#runSpan(call.agentId),
      name: `chat ${call.model}`,
      kind: "Client",
      startedAt: call.startedAt,
      endedAt: call.endedAt,
      attributes: {
        [names.operationName]: "chat",
        [names.usageScope]: "call",
        [names.usageSource]: source,
        [names.providerName]: provider,
        [names.requestModel]: call.model,
        [names.responseModel]: call.model,
        [names.responseId]: call.messageId,
        [names.callOutcome]: "completed",
        [names.agentStep]: this.#steps.get(call.messageId),
        [names.serviceTier]: facts.serviceTier,
        [names.speed]: facts.speed,
        [names.inferenceGeo]: facts.inferenceGeo,
        ...(usage && usageAttributes(usage)),
        ...(call.stopReason !== undefined && { [names.finishReasons]: [call.stopReason] }),
        ...(call.toolCalls.length > 0 && { [names.toolCallIds]: call.toolCalls.map((tool) => tool.id) }),
        ...this.#agentAttributes(call.agentId),
      },
    });
  }

  /** What the message's usage block bills beside its own counts: a compaction, an advisor. */
  billedBeside(call: SessionCall): LandingRow[] {
    const facts = { ...usageOf(call.usage), id: call.messageId, model: call.model };
    return billedLines(facts, provider).map(({ name, line, attributes }) =>
      this.#row({
        id: identifier(8, "message", this.#session.id, call.messageId, line),
        parent: this.#callSpan(call.messageId),
        name,
        kind: "Client",
        startedAt: call.endedAt,
        endedAt: call.endedAt,
        attributes: {
          ...attributes,
          [names.agentStep]: this.#steps.get(call.messageId),
          ...this.#agentAttributes(call.agentId),
        },
      }),
    );
  }

  tool(tool: SessionTool): LandingRow {
    return this.#row({
      id: this.#toolSpan(tool.id),
      parent: this.#runSpan(tool.agentId),
      name: `execute_tool ${tool.name}`,
      kind: "Internal",
      startedAt: tool.startedAt,
      endedAt: tool.endedAt ?? tool.startedAt,
      status: tool.failed ? "Error" : "Unset",
      attributes: {
        [names.operationName]: "execute_tool",
        [names.toolName]: tool.name,
        [names.toolCallId]: tool.id,
        [names.toolCallOriginSpanId]: this.#callSpan(tool.messageId),
        ...(tool.failed && { [names.errorType]: "tool_error" }),
        ...this.#agentAttributes(tool.agentId),
      },
    });
  }

  failedRequest(id: string, at: number, status: number | undefined): LandingRow {
    return this.#row({
      id: identifier(8, "error", this.#session.id, id),
      parent: this.#runSpan(""),
      name: "chat",
      kind: "Client",
      startedAt: at,
      endedAt: at,
      status: "Error",
      attributes: {
        [names.operationName]: "chat",
        [names.usageScope]: "call",
        [names.providerName]: provider,
        [names.callOutcome]: "failed",
        [names.errorType]: status === undefined ? "api_error" : String(status),
        [names.httpStatus]: status,
        ...this.#agentAttributes(""),
      },
    });
  }

  #agentAttributes(agentId: string): Attributes {
    const path = agentPath(this.#session, agentId);
    const parentRun = parentAgent(this.#session, agentId);
    return {
      [names.agentName]: path.at(-1),
      [names.agentPath]: path,
      [names.agentRunId]: this.#runSpan(agentId),
      [names.agentParentRunId]: parentRun === undefined ? undefined : this.#runSpan(parentRun),
      [names.conversationId]: this.#session.id,
      [names.featureName]: this.#session.project,
    };
  }

  #runSpan(agentId: string): string {
    return identifier(8, "agent", this.#session.id, agentId);
  }

  #callSpan(messageId: string): string {
    return identifier(8, "message", this.#session.id, messageId);
  }

  #toolSpan(toolCallId: string | undefined): string {
    return toolCallId !== undefined && this.#session.tools.has(toolCallId)
      ? identifier(8, "tool", this.#session.id, toolCallId)
      : "";
  }

  #extent(agentId: string): { startedAt: number; endedAt: number } | undefined {
    const calls = [...this.#session.calls.values()].filter((call) => agentId === "" || call.agentId === agentId);
    const times = [
      ...calls.flatMap((call) => [call.startedAt, call.endedAt]),
      ...(agentId === "" ? [...this.#session.errors.values()].map((error) => error.at) : []),
    ];
    if (times.length === 0) return undefined;
    return { startedAt: times.reduce((a, b) => Math.min(a, b)), endedAt: times.reduce((a, b) => Math.max(a, b)) };
  }

  #row(span: Omit<ImportedSpan, "traceId">): LandingRow {
    return importedRow({ traceId: this.#traceId, ...span }, origin(this.#session));
  }
}

const origin = (session: Session): ImportOrigin => ({
  service: "claude-code",
  version: session.version,
  scope: claudeCodeScope,
});
