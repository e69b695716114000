import { createHash } from "node:crypto";
import type { LandingRow } from "@tokenledger/clickhouse";
import { names, usageAttributes, type UsageSource } from "@tokenledger/core";
import { usageOf } from "@tokenledger/instrumentation-anthropic";
import type { Session, SessionCall, SessionTool } from "./claude-code-session.ts";

/** Instrumentation scope of imported rows: the facts read it as their source. */
export const claudeCodeScope = "tokenledger.import.claude-code";
const mainAgent = "claude-code";

/**
 * The spans a session would have made: its agents, their model calls, their tools, and the requests
 * the API refused. Ids derive from the session's own, so that importing again gives the same rows.
 */
export function claudeCodeRows(session: Session): LandingRow[] {
  const spans = new SessionSpans(session);
  return [
    ...spans.agentRuns(),
    ...[...session.calls.values()].map((call) => spans.call(call)),
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
        name: `invoke_agent ${this.#name(agentId)}`,
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
      id: identifier(8, "message", this.#session.id, call.messageId),
      parent: this.#runSpan(call.agentId),
      name: `chat ${call.model}`,
      kind: "Client",
      startedAt: call.startedAt,
      endedAt: call.endedAt,
      attributes: {
        [names.operationName]: "chat",
        [names.usageScope]: "call",
        [names.usageSource]: source,
        [names.providerName]: "anthropic",
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
        [names.toolCallOriginSpanId]: identifier(8, "message", this.#session.id, tool.messageId),
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
        [names.providerName]: "anthropic",
        [names.callOutcome]: "failed",
        [names.errorType]: status === undefined ? "api_error" : String(status),
        [names.httpStatus]: status,
        ...this.#agentAttributes(""),
      },
    });
  }

  #agentAttributes(agentId: string): Attributes {
    const path = this.#path(agentId);
    const parentRun = this.#parentOf(agentId);
    return {
      [names.agentName]: path.at(-1),
      [names.agentPath]: path,
      [names.agentRunId]: this.#runSpan(agentId),
      [names.agentParentRunId]: parentRun === undefined ? undefined : this.#runSpan(parentRun),
      [names.conversationId]: this.#session.id,
      [names.featureName]: this.#session.project,
    };
  }

  #name(agentId: string): string {
    return agentId === "" ? mainAgent : this.#session.agentName(agentId);
  }

  /** Agents from the main one to this one; a loop in damaged data ends the climb. */
  #path(agentId: string): string[] {
    const chain: string[] = [];
    for (let at: string | undefined = agentId; at !== undefined && !chain.includes(at); at = this.#parentOf(at)) {
      chain.unshift(at);
    }
    return chain.map((id) => this.#name(id));
  }

  #parentOf(agentId: string): string | undefined {
    if (agentId === "") return undefined;
    const started = this.#session.agents.get(agentId)?.toolCallId;
    return this.#session.tools.get(started ?? "")?.agentId ?? "";
  }

  #runSpan(agentId: string): string {
    return identifier(8, "agent", this.#session.id, agentId);
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

  #row(span: ImportedSpan): LandingRow {
    return {
      Timestamp: seconds(span.startedAt),
      TraceId: this.#traceId,
      SpanId: span.id,
      ParentSpanId: span.parent,
      TraceState: "",
      SpanName: span.name,
      SpanKind: span.kind,
      ServiceName: "claude-code",
      ResourceAttributes: { "service.name": "claude-code", "service.version": this.#session.version ?? "" },
      ScopeName: claudeCodeScope,
      ScopeVersion: "1",
      SpanAttributes: written(span.attributes),
      Duration: String(Math.max(0, span.endedAt - span.startedAt) * 1_000_000),
      StatusCode: span.status ?? "Unset",
      StatusMessage: "",
      "Events.Timestamp": [],
      "Events.Name": [],
      "Events.Attributes": [],
      "Links.TraceId": [],
      "Links.SpanId": [],
      "Links.TraceState": [],
      "Links.Attributes": [],
    };
  }
}

/** Milliseconds as a decimal count of seconds, exactly. */
const seconds = (milliseconds: number): string =>
  `${Math.floor(milliseconds / 1000)}.${String(milliseconds % 1000).padStart(3, "0")}000000`;

type Attributes = Record<string, unknown>;

interface ImportedSpan {
  id: string;
  parent: string;
  name: string;
  kind: "Client" | "Internal";
  startedAt: number;
  endedAt: number;
  status?: "Unset" | "Error";
  attributes: Attributes;
}

/** Place of each call in its agent's loop, from 1, in order of time. */
function stepsOf(session: Session): Map<string, number> {
  const reached = new Map<string, number>();
  const ordered = [...session.calls.values()].toSorted((a, b) => a.startedAt - b.startedAt);
  return new Map(
    ordered.map((call) => {
      const step = (reached.get(call.agentId) ?? 0) + 1;
      reached.set(call.agentId, step);
      return [call.messageId, step];
    }),
  );
}

/** Attributes as the exporter writes them: text, and JSON for lists. Absent ones are left out. */
function written(attributes: Attributes): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) result[name] = Array.isArray(value) ? JSON.stringify(value) : String(value);
  }
  return result;
}

const identifier = (bytes: number, ...parts: string[]): string =>
  createHash("sha256")
    .update(parts.join("\0"))
    .digest("hex")
    .slice(0, bytes * 2);
